"""The history of the tables, forward only and the same for both databases.

A step is written by `make migration NAME=add_bins` (with REPLACE=1 in place of the newest, which nobody has run yet),
read by a person, and never changed once it is released. What SQLite cannot alter in place is written by hand: a table
beside, a copy, a rename. A step is given its `op`: Alembic's own is one for the whole process.
"""
