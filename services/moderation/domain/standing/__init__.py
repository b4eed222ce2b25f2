"""Who may moderate, and from which organisation."""
