"""Who may do what: keys for programs, with scopes."""
