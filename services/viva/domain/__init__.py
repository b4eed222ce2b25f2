"""Rules of viva, pure: a case here, its rounds and panellists in folders."""
