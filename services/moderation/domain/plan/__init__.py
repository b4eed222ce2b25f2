"""The plan of a cohort: rules, a committed key, public randomness, release."""
