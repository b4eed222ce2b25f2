"""Judging a portfolio: queue, claim, three criteria, feedback, outcome by rule."""
