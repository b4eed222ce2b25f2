"""The rules of explanations and appeals."""
