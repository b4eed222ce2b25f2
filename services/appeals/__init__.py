"""Conversations about feedback, explanations of decisions, and appeals."""
