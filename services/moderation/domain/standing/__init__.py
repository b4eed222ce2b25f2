"""Who may moderate, from which organisation, and how closely they are looked at."""
