"""The cohorts that start in one year as their programme does: each takes a place."""
