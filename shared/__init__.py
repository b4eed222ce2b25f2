"""What every service uses and none owns; no business rule lives here."""
