"""Everything that is true of the bytes of a letter."""
