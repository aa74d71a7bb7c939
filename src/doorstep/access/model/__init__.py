"""Decides who may do what: permissions, roles, actors, people, sessions, links, keys, the audit trail. Pure."""
