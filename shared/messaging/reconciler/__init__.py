"""Proves, from the log and the inboxes, that messages had their effect once."""
