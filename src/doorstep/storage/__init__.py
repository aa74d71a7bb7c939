"""The database: transactions on SQLite and PostgreSQL, statements, migrations. Dialects differ in two files only."""
