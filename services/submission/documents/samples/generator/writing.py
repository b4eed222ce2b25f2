"""Paragraphs and tables written from the phrases for one cast."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.submission.documents.samples.generator.cast import Cast
from services.submission.documents.samples.generator.choosing import Chooser
from services.submission.documents.samples.generator.kinds import Quality, Template
from shared.contracts.portfolio import Block, Emphasis, Heading, Paragraph, Table
from shared.programmes.strict_yaml import read_yaml

_DATED = "*"
"""Stands on both sides of the date of a diary entry."""
_FILES = ("phrases.yaml", "variants.yaml", "mentoring.yaml")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one cast, choosing the words as it goes."""

    cast: Cast
    chooser: Chooser
    template: Template
    quality: Quality

    @property
    def is_thin(self) -> bool:
        """Whether there is next to no evidence."""
        return self.quality == "thin"

    def text(self, key: str) -> tuple[Block, ...]:
        """Return the paragraphs of the part called *key*."""
        return tuple(_paragraph(words) for words in self.paragraphs(key))

    def paragraphs(self, key: str) -> tuple[str, ...]:
        """Return the paragraphs of *key* as plain texts."""
        return tuple(map(self._sentences, self._phrases(key)))

    def items(self, key: str) -> tuple[Block, ...]:
        """Return the paragraphs of *key* as the points of a list."""
        return tuple(
            Paragraph(text=words, style="list_item") for words in self.paragraphs(key)
        )

    def steps(self) -> tuple[Block, ...]:
        """Return the steps of the routine, numbered."""
        return tuple(
            Paragraph(text=f"{number}. {step}", style="list_item")
            for number, step in enumerate(self.cast.subject["steps"], start=1)
        )

    def quotes(self) -> tuple[Block, ...]:
        """Return what two learners said."""
        said = (self.cast.words["quote"], self.cast.words["second_quote"])
        return tuple(Paragraph(text=words, style="quote") for words in said)

    def rows(self, key: str, header: Sequence[str]) -> Table:
        """Return a table with one version of each row of *key*."""
        return Table(rows=(tuple(header), *self.cells(key)), header_rows=1)

    def cells(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return one version of each row of *key*."""
        return tuple(
            tuple(_begun(self._filled(cell)) for cell in self.chooser.one(versions))
            for versions in self._phrases(key)
        )

    def ratings(self, titles: Sequence[str]) -> Table:
        """Return the self-assessment: a rating and a comment for each standard."""
        low = 4 if self.is_thin else 2
        comments = self._phrases("standard_comments")
        rows = [
            (
                str(number),
                title,
                str(self.chooser.whole(low, 5)),
                self.chooser.one(versions),
            )
            for number, (title, versions) in enumerate(
                zip(titles, comments, strict=True), start=1
            )
        ]
        header = ("No.", "Standard", "Rating", "Reflective comment")
        return Table(rows=(header, *rows), header_rows=1)

    def counts(self) -> Table:
        """Return the three counts of the project."""
        months = ("month_start", "month_middle", "month_late")
        rows = [
            (self.cast.words[month], f"{count} %")
            for month, count in zip(months, self.cast.counts, strict=True)
        ]
        measure = _begun(self.cast.words["measure"])
        return Table(rows=(("Count", measure), *rows), header_rows=1)

    def _phrases(self, key: str) -> Any:
        """Return the part *key* as it is for this template and quality."""
        every = _all_phrases()
        names = (f"{key}.{self.quality}", f"{key}.{self.template}", key)
        return next(every[name] for name in names if name in every)

    def _sentences(self, paragraph: Sequence[Sequence[str]]) -> str:
        chosen = (self._filled(self.chooser.one(versions)) for versions in paragraph)
        return " ".join(map(_begun, chosen))

    def _filled(self, phrase: str) -> str:
        words = self.cast.words
        return phrase.format_map(words).format_map(words)  # a word may hold others


def heading(text: str, level: int = 1) -> Heading:
    """Return a heading."""
    return Heading(level=level, text=text)


def joined(*parts: Sequence[Block] | Block) -> tuple[Block, ...]:
    """Return single blocks and runs of blocks as one run."""
    return tuple(_each(parts))


def _each(parts: Sequence[Sequence[Block] | Block]) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Sequence):
            yield from part
        else:
            yield part


def _paragraph(text: str) -> Paragraph:
    """Return *text*, whose beginning between stars is set in italics."""
    if not text.startswith(_DATED):
        return Paragraph(text=text)
    dated, rest = text[1:].split(_DATED, 1)
    emphasis = Emphasis(start=0, end=len(dated), italic=True)
    return Paragraph(text=dated + rest, emphasis=(emphasis,))


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@cache
def _all_phrases() -> dict[str, Any]:
    every: dict[str, Any] = {}
    for file in _FILES:
        read = read_yaml((Path(__file__).parent / file).read_bytes())
        assert isinstance(read, dict)  # noqa: S101 - a file of this package
        every |= read
    return every
