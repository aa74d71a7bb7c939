"""The operational plan: what a store edits. Its records, file format and defaults; no decisions about orders."""
