"""The words inside a paragraph as a reader of the accepted document sees them.

Insertions are kept and deletions dropped; hidden text and field codes are no words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from services.submission.documents.contents.word.drawings import read_drawing
from services.submission.documents.contents.word.story import Note, Story
from services.submission.documents.contents.word.symbols import form_field, symbol
from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
    is_on,
    tag,
)
from shared.contracts.portfolio import Block

_DROPPED = frozenset(
    tag(name)
    for name in (
        "w:pPr", "w:rPr", "w:del", "w:moveFrom", "w:sdtPr", "w:sdtEndPr", "w:rt",
        "w:smartTagPr", "w:customXmlPr", "w:instrText", "w:delText", "w:fldData",
    )
)  # fmt: skip

_LETTERS = {
    tag("w:tab"): "\t",
    tag("w:ptab"): "\t",
    tag("w:cr"): "\n",
    tag("w:noBreakHyphen"): "\N{NON-BREAKING HYPHEN}",
    tag("w:softHyphen"): "",
}
_MATHS = {tag("m:oMath"), tag("m:oMathPara")}
_DRAWINGS = {tag("w:drawing"), tag("w:pict"), tag("w:object")}
_NOTES = {tag("w:footnoteReference"): "footnote", tag("w:endnoteReference"): "endnote"}


@dataclass(frozen=True, slots=True)
class Look:
    """Whether words are bold or italic."""

    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one look."""

    text: str
    look: Look


@dataclass(slots=True)
class Inline:
    """The words of a paragraph, and what hangs on it."""

    spans: list[Span] = field(default_factory=list)
    attached: list[Block] = field(default_factory=list)
    notes: list[tuple[int, Note]] = field(default_factory=list)
    """Number and content of each note referred to."""


_Piece: TypeAlias = "Span | Block | tuple[int, Note]"


def read_inline(paragraph: Element, story: Story, look: Look) -> Inline:
    """Return the words of *paragraph*, whose style gives them *look*."""
    inline = Inline()
    for piece in _pieces(paragraph, story, look):
        if isinstance(piece, Span):
            inline.spans.append(piece)
        elif isinstance(piece, tuple):
            inline.notes.append(piece)
        else:
            inline.attached.append(piece)
    return inline


def alternative(element: Element) -> Element | None:
    """Return the one version of an ``mc:AlternateContent`` that is to be read."""
    chosen = first(element, "mc:Choice")
    return first(element, "mc:Fallback") if chosen is None else chosen


def _pieces(parent: Element, story: Story, look: Look) -> Iterator[_Piece]:
    for child in parent:
        if child.tag == tag("w:r"):
            yield from _run(child, story, look)
        elif child.tag in _MATHS:
            yield Span(
                "".join(each.text or "" for each in children(child, "m:t")), look
            )
        elif child.tag == tag("mc:AlternateContent"):
            version = alternative(child)
            if version is not None:
                yield from _pieces(version, story, look)
        elif child.tag not in _DROPPED:
            yield from _pieces(child, story, look)


def _run(run: Element, story: Story, look: Look) -> Iterator[_Piece]:
    properties = first(run, "w:rPr")
    if is_on(properties, "w:vanish"):
        return
    style = story.styles.of(attribute(first(properties, "w:rStyle"), "w:val"))
    yield from _run_pieces(
        run,
        story,
        Look(
            bold=_switched(properties, "w:b", look.bold or style.bold),
            italic=_switched(properties, "w:i", look.italic or style.italic),
        ),
    )


def _run_pieces(run: Element, story: Story, look: Look) -> Iterator[_Piece]:
    for child in run:
        if child.tag in _DRAWINGS:
            yield from read_drawing(child, story)
        elif child.tag == tag("mc:AlternateContent"):
            version = alternative(child)
            if version is not None:
                yield from _run_pieces(version, story, look)
        elif child.tag in _NOTES:
            yield from _note(child, story, look)
        elif text := _text(child):
            yield Span(text, look)


def _text(element: Element) -> str:
    if element.tag == tag("w:t"):
        return element.text or ""
    if element.tag == tag("w:br"):
        return "\n" if attribute(element, "w:type") in {None, "textWrapping"} else ""
    if element.tag == tag("w:sym"):
        return symbol(element)
    if element.tag == tag("w:fldChar"):
        return form_field(element)
    return _LETTERS.get(str(element.tag), "")


def _note(reference: Element, story: Story, look: Look) -> Iterator[_Piece]:
    key = (_NOTES[str(reference.tag)], attribute(reference, "w:id") or "")
    note = story.notes.get(key)
    if note is None:
        return
    story.cited.append(key)
    number = len(story.cited)
    yield Span(f"[{number}]", look)
    yield number, note


def _switched(properties: Element | None, name: str, inherited: bool) -> bool:  # noqa: FBT001 - a look, not a mode
    switch = is_on(properties, name)
    return inherited if switch is None else switch
