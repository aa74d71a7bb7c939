"""The durable engine: jobs enqueued in the caller's transaction, a worker that runs them in batches, the lane."""
