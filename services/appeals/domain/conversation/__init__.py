"""The conversation about the feedback after a CNM."""
