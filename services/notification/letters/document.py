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

    @property
    def says_something(self) -> bool:
        """True when anything stands under the heading."""
        return bool(self.paragraphs or self.points or self.judged)


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
    """The decision in a few words; empty in a letter that tells none."""
    opening: tuple[str, ...]
    link: Labelled | None
    """A link to follow, under the words of its label."""
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    has_pdf: bool
    """True when the letter comes as a file, too."""
