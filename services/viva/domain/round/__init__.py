"""A round of vivas: dates with slots, each taken by one case at most."""
