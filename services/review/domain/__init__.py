"""Rules of review, pure: a review here, its reviewers in a folder."""
