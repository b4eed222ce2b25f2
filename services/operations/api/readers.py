"""Who may look at what the desk sees."""

READERS = ("operations", "auditor")
