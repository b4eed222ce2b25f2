"""Notification with its processes and a mail server."""
