"""From the broker to the handlers."""
