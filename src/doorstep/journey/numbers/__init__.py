"""The store's numbers: recounted from facts by the day on which orders were placed, read by day and by location."""
