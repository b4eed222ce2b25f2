"""Somebody who may sit on panels: in which roles, and for whom they work."""
