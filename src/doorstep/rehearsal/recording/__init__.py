"""A real retailer's year as a recording to replay: read, sort, group into invoices, match cancellations. No database.

It flows one way: `read` (file to lines) → `sort` (lines to buckets) → `invoices` (goods to orders) → `match`
(cancellations to the order lines they cancel) → `journal` (all of it as one record).
"""
