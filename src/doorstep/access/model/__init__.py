"""Decides who may do what: permissions and roles, actors, keys. Pure."""
