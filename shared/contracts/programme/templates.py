"""The shapes in which a portfolio may come, and whose words each of them needs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shared.contracts.programme.sections import (
    Contributor,
    SectionKind,
    SectionTemplate,
)
from shared.contracts.programme.values import (
    Key,
    Record,
    Source,
    Words,
    refuse_repeats,
)


class Layout(StrEnum):
    """How a portfolio of a template arrives."""

    DOCUMENT = "document"
    """One Word document; its sections begin at headings."""
    FOLDER = "folder"
    """One file for each section, found by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Words that somebody other than the participant gives to a portfolio."""

    section: str
    """Key of the section they belong to."""
    by: Contributor
    kind: SectionKind
    """`SectionKind.STATEMENT` or `SectionKind.FEEDBACK`."""
    minimum: int
    """So many are needed for a complete portfolio; 0 where they are optional."""
    reads_portfolio: bool
    source: str


class Template(Record):
    """One shape in which a portfolio of the programme may come."""

    code: Key
    title: Words
    source: Source
    layout: Layout
    sections: tuple[SectionTemplate, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unambiguous(self) -> Self:
        names = [
            name
            for section in self.sections
            for name in {spoken.casefold() for spoken in section.names}
        ]
        refuse_repeats(names, "name of a section", f"template {self.code!r}")
        return self

    def section(self, key: str) -> SectionTemplate | None:
        """The section called *key*, or None."""
        return next((each for each in self.sections if each.key == key), None)

    def contributions(self) -> tuple[Contribution, ...]:
        """The statements and feedback a portfolio of this shape holds, in order."""
        return tuple(
            each for section in self.sections for each in _contributions_to(section)
        )


def _contributions_to(section: SectionTemplate) -> tuple[Contribution, ...]:
    if section.written_by is not None:
        author = section.written_by
        return (
            Contribution(
                section=section.key,
                by=author.by,
                kind=section.kind,
                minimum=int(section.required),
                reads_portfolio=author.reads_portfolio,
                source=author.source,
            ),
        )
    return tuple(
        Contribution(
            section=section.key,
            by=part.key,
            kind=section.kind,
            minimum=part.minimum if section.required else 0,
            reads_portfolio=False,
            source=part.source,
        )
        for part in section.parts
    )
