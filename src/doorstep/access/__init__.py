"""Who may do what, and who did what: staff and their sessions, keys for programs, the audit trail."""
