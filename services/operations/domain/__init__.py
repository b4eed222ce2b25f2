"""What operators may decide, and what follows. Pure."""
