"""A decision that only the module of decisions knows, in a process of its own."""
