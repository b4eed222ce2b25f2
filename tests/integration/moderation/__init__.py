"""Moderation on the real log and its own tables."""
