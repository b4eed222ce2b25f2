"""How far raters agree, beyond what chance explains."""
