"""A seed among a reviewer's work: a case of its own, from the request to the answer."""
