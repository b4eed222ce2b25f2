"""Lanes that wait for a decision because a message of theirs could not be handled."""
