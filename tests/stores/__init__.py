"""Every store on SQLite and on PostgreSQL."""
