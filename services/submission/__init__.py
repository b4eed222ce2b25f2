"""Cohorts, people and portfolios, up to the moment a portfolio is handed in."""
