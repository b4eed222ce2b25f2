"""Everything that is true of a letter without a database or a mail server."""
