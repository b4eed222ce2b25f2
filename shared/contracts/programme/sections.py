"""What a portfolio is made of: prose, tables to fill in, words of other people.

`SectionKind` is closed. Each kind says which fields describe it, so that a page can
show a section, and an importer recognise it, without knowing the programme.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from shared.contracts.programme.values import (
    Key,
    Record,
    Source,
    Words,
    refuse_gaps,
    refuse_repeats,
)


class SectionKind(StrEnum):
    """What a section is made of, which decides how a page shows it."""

    PROSE = "prose"
    """Running text, under the `boxes` as headings where there are any."""
    TABLE = "table"
    """A table of `columns` with as many rows as the participant needs."""
    STATEMENT = "statement"
    """Written and signed by somebody else, `written_by`."""
    FEEDBACK = "feedback"
    """Several short answers by others: `parts` says from whom and how many."""
    SELF_ASSESSMENT = "self-assessment"
    """One of the `ratings` for each standard of the `groups`; then the `boxes`."""
    CRITERIA = "criteria"
    """A table: each of the `rows` with evidence, and whether it is achieved."""
    CHECKLIST = "checklist"
    """A table: each of the `rows` with yes or no, and an example."""
    QUESTIONS = "questions"
    """Each of the `rows` is a question, answered in prose."""
    VERIFICATION = "verification"
    """A table: each of the `rows` is a role that signs."""


Contributor: TypeAlias = Literal[
    "mentor",
    "manager",
    "colleague",
    "learner",
    "observer",
    "school",
    "university",
]
"""Somebody whose words are part of a portfolio; a mentor may be called supporter."""


class Part(Record):
    """One kind of contribution to a section, and how many of it are needed."""

    key: Contributor
    title: Words
    minimum: int = Field(ge=0)
    source: Source
    aliases: tuple[Words, ...] = ()


class Column(Record):
    """A column of a table, and the other names people give it."""

    key: Key
    title: Words
    aliases: tuple[Words, ...] = ()


class MappedTo(Record):
    """Standards that a criterion answers to: numbers within a group of standards."""

    group: Key
    numbers: tuple[int, ...] = Field(min_length=1)


class Row(Record):
    """A row that the template gives: a criterion, a skill, a question, a role."""

    number: int = Field(ge=1)
    text: Words
    maps_to: tuple[MappedTo, ...] = ()
    aliases: tuple[Words, ...] = ()


class Rating(Record):
    """One answer of a self-assessment, from the lowest to the highest."""

    key: Key
    title: Words
    text: Words
    aliases: tuple[Words, ...] = ()


class Box(Record):
    """A heading under which a few sentences are written."""

    key: Key
    title: Words
    guidance: Words
    aliases: tuple[Words, ...] = ()


class Author(Record):
    """Who writes a statement, and whether they read the portfolio for it."""

    by: Contributor
    reads_portfolio: bool
    source: Source


_NEEDS: Mapping[SectionKind, frozenset[str]] = {
    SectionKind.PROSE: frozenset(),
    SectionKind.TABLE: frozenset({"columns"}),
    SectionKind.STATEMENT: frozenset({"written_by"}),
    SectionKind.FEEDBACK: frozenset({"parts"}),
    SectionKind.SELF_ASSESSMENT: frozenset({"ratings"}),
    SectionKind.CRITERIA: frozenset({"rows", "columns"}),
    SectionKind.CHECKLIST: frozenset({"rows", "columns"}),
    SectionKind.QUESTIONS: frozenset({"rows"}),
    SectionKind.VERIFICATION: frozenset({"rows", "columns"}),
}
_MAY_HAVE: Mapping[SectionKind, frozenset[str]] = {
    SectionKind.PROSE: frozenset({"boxes"}),
    SectionKind.SELF_ASSESSMENT: frozenset({"groups", "boxes"}),
}
_DESCRIBING = (
    "parts", "columns", "rows", "ratings", "groups", "boxes", "written_by",
)  # fmt: skip


class SectionTemplate(Record):
    """A section a participant fills in, and the names by which it is recognised."""

    key: Key
    title: Words
    guidance: Words
    kind: SectionKind
    required: bool = True
    aliases: tuple[Words, ...] = ()
    """Other headings or file names that people give this section."""
    parts: tuple[Part, ...] = ()
    """Contributions by several people; such a section is a folder of files."""
    written_by: Author | None = None
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    ratings: tuple[Rating, ...] = ()
    groups: tuple[Key, ...] = ()
    """Groups of standards that are rated; none means all of the programme."""
    boxes: tuple[Box, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        given = {name for name in _DESCRIBING if getattr(self, name)}
        needed = _NEEDS[self.kind]
        of_kind = f"a section of kind {self.kind.value!r}"
        if lacking := needed - given:
            message = f"{', '.join(sorted(lacking))}: needed by {of_kind}"
            raise ValueError(message)
        if strange := given - needed - _MAY_HAVE.get(self.kind, frozenset()):
            message = f"{', '.join(sorted(strange))}: not for {of_kind}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _entries_are_unambiguous(self) -> Self:
        where = f"section {self.key!r}"
        refuse_gaps([row.number for row in self.rows], f"{where}: rows")
        for what, entries in (
            ("part", self.parts),
            ("column", self.columns),
            ("rating", self.ratings),
            ("box", self.boxes),
        ):
            refuse_repeats([each.key for each in entries], what, where)
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Everything this section may be called."""
        return (self.title, self.key, *self.aliases)

    def part_key(self, part: Part, number: int) -> str:
        """The key of the *number*th contribution of a kind, counted from 1."""
        key = f"{self.key}-{part.key}"
        return f"{key}-{number}" if part.minimum > 1 or number > 1 else key

    def part_of(self, key: str) -> Part | None:
        """The part to which the contribution called *key* belongs, or None."""
        for part in self.parts:
            start = f"{self.key}-{part.key}"
            rest = key.removeprefix(start)
            if rest != key and (rest == "" or rest.removeprefix("-").isdecimal()):
                return part
        return None
