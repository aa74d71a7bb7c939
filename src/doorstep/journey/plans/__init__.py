"""The versions of the plan under which orders were placed."""
