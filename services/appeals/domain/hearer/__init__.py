"""Somebody who may hear appeals: in which roles, and for whom they work."""
