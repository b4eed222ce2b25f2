"""A cohort: one run of a programme, with the deadline of its portfolios."""
