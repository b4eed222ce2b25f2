"""Sample portfolios: two written with care, and any number that are generated."""
