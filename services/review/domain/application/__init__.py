"""A preview that is carried out: what was begun is gone on with after a crash."""
