"""A reviewer: where they work, and whom or what they must not judge."""
