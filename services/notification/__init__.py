"""The notification service: letters, and what becomes of them."""
