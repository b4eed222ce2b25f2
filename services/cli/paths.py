"""Paths of requests, from what somebody typed."""

from urllib.parse import quote


def part(text: str) -> str:
    """Return *text* as one part of a path, whatever is in it: no slash, no query."""
    return quote(text, safe="")
