"""How a moderator's blind judgements are checked: drawn for a second one, compared."""
