"""Everything that is true of moderation without a database or a network."""
