"""Somebody in the directory: roles, organisation, and the hash of their address."""
