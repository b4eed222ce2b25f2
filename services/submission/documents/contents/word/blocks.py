"""Paragraphs and tables in the order of the document."""

from collections.abc import Iterator
from itertools import groupby

from services.submission.documents.contents.word.runs import (
    Inline,
    Look,
    Span,
    alternative,
    read_inline,
)
from services.submission.documents.contents.word.story import Story
from services.submission.documents.contents.word.styles import Style
from services.submission.documents.contents.word.tables import read_table
from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    first,
    number,
    tag,
)
from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import (
    Block,
    Emphasis,
    Heading,
    Paragraph,
    block_text,
)

_MAX_HEADING = 6
_WRAPPERS = {
    tag(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")
}


def read_blocks(parent: Element, story: Story) -> tuple[Block, ...]:
    """Return what stands under *parent*, such as the body, a cell or a text box.

    Raises:
        UnreadableError: another document is embedded that cannot be read.
    """
    blocks: list[Block] = []
    carried: list[Span] = []
    for element in _elements(parent):
        if element.tag == tag("w:tbl"):
            blocks.append(read_table(element, story))
            continue
        style = _style(element, story)
        inline = read_inline(element, story, Look(style.bold, style.italic))
        inline.spans[:0] = carried
        if first(element, "w:pPr/w:rPr/w:del") is not None:
            carried = inline.spans  # its end is deleted: it runs on into the next
            blocks.extend(inline.attached)
            continue
        carried = []
        blocks.extend(_paragraph(element, inline, style, story))
    return tuple(blocks)


def _elements(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in {tag("w:p"), tag("w:tbl")}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _elements(child)
        elif child.tag == tag("mc:AlternateContent"):
            version = alternative(child)
            if version is not None:
                yield from _elements(version)
        elif child.tag == tag("w:altChunk"):
            reason = "Another document is embedded in it that Word has not merged yet."
            remedy = "Open it in Word, save it under a new name and upload that."
            raise UnreadableError(reason, remedy)


def _style(paragraph: Element, story: Story) -> Style:
    return story.styles.of(attribute(first(paragraph, "w:pPr/w:pStyle"), "w:val"))


def _paragraph(
    element: Element, inline: Inline, style: Style, story: Story
) -> Iterator[Block]:
    label = _label(element, style, story)
    spans = _trimmed(inline.spans)
    if spans:
        yield _words(f"{label} " if label else "", spans, style, label is not None)
    yield from inline.attached
    for count, note in inline.notes:
        told = read_blocks(note.content, story.of_part(note.part))
        words = " ".join(map(block_text, told))
        yield Paragraph(text=f"[{count}] {words.strip()}", style="note")


def _words(before: str, spans: list[Span], style: Style, is_item: bool) -> Block:  # noqa: FBT001 - a fact about the paragraph
    text = before + "".join(span.text for span in spans)
    if style.role in {"heading", "title"}:
        level = min(max(style.level, 1), _MAX_HEADING)
        return Heading(level=level, text=" ".join(text.split()))
    emphasis = tuple(_emphasis(spans, len(before)))
    if is_item or style.role == "list_item":
        return Paragraph(text=text, style="list_item", emphasis=emphasis)
    if style.role == "quote":
        return Paragraph(text=text, style="quote", emphasis=emphasis)
    if style.role == "caption":
        return Paragraph(text=text, style="caption", emphasis=emphasis)
    return Paragraph(text=text, emphasis=emphasis)


def _label(element: Element, style: Style, story: Story) -> str | None:
    """Return the number before the paragraph; "" for a bullet, None for none."""
    properties = first(element, "w:pPr/w:numPr")
    list_id, level = style.numbering or (None, 0)
    if properties is not None:
        own = attribute(first(properties, "w:numId"), "w:val")
        list_id = list_id if own is None else own
        level = number(first(properties, "w:ilvl"), "w:val", default=level)
    if list_id is None or list_id == "0":  # 0 takes a paragraph out of its list
        return None
    return story.numbering.label(list_id, level)


def _trimmed(spans: list[Span]) -> list[Span]:
    """Return *spans* without white space at either end of the whole."""
    kept = list(spans)
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = Span(kept[0].text.lstrip(), kept[0].look)
        kept[-1] = Span(kept[-1].text.rstrip(), kept[-1].look)
    return kept


def _emphasis(spans: list[Span], offset: int) -> Iterator[Emphasis]:
    for look, group in groupby(spans, key=lambda span: span.look):
        end = offset + sum(len(span.text) for span in group)
        if look.bold or look.italic:
            yield Emphasis(start=offset, end=end, bold=look.bold, italic=look.italic)
        offset = end
