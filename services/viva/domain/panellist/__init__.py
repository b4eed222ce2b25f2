"""Somebody who may sit on panels: in which roles, for whom they work, and when."""
