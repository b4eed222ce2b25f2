"""What every HTTP face shares: identity, problem documents, paging, health, wiring."""
