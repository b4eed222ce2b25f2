"""The shapes in which a portfolio may come, and how each section is recognised."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from shared.contracts.programme.values import Key, Record, Words, refuse_repeats


class SectionKind(StrEnum):
    """What a section is made of, which decides how a page shows it."""

    PROSE = "prose"
    TABLE = "table"
    STATEMENT = "statement"
    FEEDBACK = "feedback"
    SELF_ASSESSMENT = "self-assessment"


class Layout(StrEnum):
    """How a portfolio of a template arrives."""

    DOCUMENT = "document"
    """One Word document; its sections begin at headings."""
    FOLDER = "folder"
    """One file for each section, found by its name."""


class Part(Record):
    """One kind of contribution to a section, and how many of it are needed."""

    key: Key
    title: Words
    minimum: int = Field(ge=0)
    aliases: tuple[Words, ...] = ()


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


class Template(Record):
    """One shape in which a portfolio of the programme may come."""

    code: Key
    title: Words
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
