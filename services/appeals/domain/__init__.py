"""What may be asked after a decision, by whom and until when. Pure."""
