"""What is drawn of one reviewer in one cohort, and with what probability."""
