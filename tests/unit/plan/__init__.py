"""The plan: its format, its findings, its template and its reference."""
