"""Control charts: their limits, and how long they run before they signal."""
