"""The programs in deploy/ that need no container engine."""
