"""Who is to judge what: given by the office, one by one or for a whole cohort."""
