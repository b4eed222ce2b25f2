"""One case: its released decisions, who took part, and when it was held."""
