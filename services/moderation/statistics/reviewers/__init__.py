"""What can be said of single reviewers, with what is known of all of them."""
