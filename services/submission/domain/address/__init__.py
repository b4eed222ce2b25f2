"""One mailbox, known by the keyed hash of its address, belongs to one person."""
