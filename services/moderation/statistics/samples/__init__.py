"""How many judgements a statement needs: discovery, acceptance, sequential plans."""
