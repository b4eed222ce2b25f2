"""A cohort from the submission of its portfolios to its awards."""
