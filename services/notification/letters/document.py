"""A letter as headings, paragraphs and lists: plain words, before any layout.

Invariant: every text here is plain. Each layout escapes for its own format, so no
words can turn into markup in one of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with its name."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to change, and where."""

    place: str
    standard: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found on one criterion."""

    title: str
    question: str
    level: str
    paragraphs: tuple[str, ...]
    changes_title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Part of a letter under one heading."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[Labelled, ...]
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole letter."""

    subject: str
    sender: str
    reply_address: str
    recipient: str
    written_on: str
    facts: tuple[Labelled, ...]
    decision: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
