"""Pictures, text boxes, charts and diagrams, where they stand in the text.

A chart has no picture in the file, so its figures become a table.
"""

from collections.abc import Callable, Iterator, Mapping

from services.submission.documents.contents.content import Picture, content_id
from services.submission.documents.contents.pictures import pixels, refuse_flood
from services.submission.documents.contents.word.story import Story
from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
    tag,
)
from services.submission.documents.intake.kinds import sniffed
from shared.contracts.portfolio import Block, Image, Paragraph, Table

_MISSING = "[A picture that stood here is not in the document.]"
_LINKED = "[A picture that stood here is linked from elsewhere, not included.]"


def read_drawing(element: Element, story: Story) -> Iterator[Block]:
    """Yield what a drawing, an old picture or an embedded object shows."""
    yield from _shown(element, story, _alternative_text(element))


def _shown(element: Element, story: Story, alt: str) -> Iterator[Block]:
    if element.tag in _PICTURES:
        yield _picture(element, _PICTURES[str(element.tag)], story, alt)
    elif element.tag in _WORDS:
        yield from _WORDS[str(element.tag)](element, story)
    elif element.tag == tag("mc:AlternateContent"):
        for version in list(element)[:1]:
            yield from _shown(version, story, alt)
    else:
        for child in element:
            yield from _shown(child, story, alt)


def _alternative_text(element: Element) -> str:
    for name, field in (
        ("wp:docPr", "descr"),
        ("wp:docPr", "title"),
        ("pic:cNvPr", "descr"),
        ("v:shape", "alt"),
    ):
        for each in children(element, name):
            if text := (attribute(each, field) or "").strip():
                return text
    return ""


def _picture(element: Element, links: tuple[str, str], story: Story, alt: str) -> Block:
    found = (story.relations.get(attribute(element, name) or "") for name in links)
    relation = next(filter(None, found), None)
    if relation is not None and relation.is_external:
        return Paragraph(text=_LINKED, style="note")
    if relation is None or relation.target not in story.package:
        return Paragraph(text=_MISSING, style="note")
    data = story.package.read(relation.target)
    size = pixels(data)
    if size is not None:
        refuse_flood(size)
    picture = Picture(
        id=content_id(data),
        data=data,
        media_type=sniffed(data) or "application/octet-stream",
        ending=relation.target[relation.target.rfind(".") :].casefold(),
    )
    story.pictures.setdefault(picture.id, picture)
    width_px, height_px = size or (None, None)
    return Image(
        evidence_id=picture.id,
        description=alt,
        width_px=width_px,
        height_px=height_px,
    )


def _text_box(element: Element, story: Story) -> Iterator[Block]:
    yield from story.read_blocks(element, story)


def _related_xml(element: Element, link: str, story: Story) -> Element | None:
    relation = story.relations.get(attribute(element, link) or "")
    if relation is None or relation.target not in story.package:
        return None
    return story.package.xml(relation.target)


def _chart(element: Element, story: Story) -> Iterator[Block]:
    """Yield a table with a row for each category and a column for each series."""
    chart = _related_xml(element, "r:id", story)
    series = list(children(chart, "c:ser"))
    if not series:
        return
    heading = "".join(each.text or "" for each in children(_title(chart), "a:t"))
    if heading:
        yield Paragraph(text=heading, style="caption")
    names = [" ".join(_values(first(each, "c:tx"))) for each in series]
    columns = [_values(first(each, "c:val")) for each in series]
    categories = _values(first(series[0], "c:cat"))
    length = max(len(categories), *map(len, columns))
    rows = [
        tuple(_at(column, index) for column in (categories, *columns))
        for index in range(length)
    ]
    yield Table(rows=(("", *names), *rows), header_rows=1)


def _title(chart: Element | None) -> Element | None:
    return next(children(chart, "c:title"), None)


def _values(element: Element | None) -> list[str]:
    return [each.text or "" for each in children(element, "c:v")]


def _at(column: list[str], index: int) -> str:
    return column[index] if index < len(column) else ""


def _diagram(element: Element, story: Story) -> Iterator[Block]:
    """Yield the words of a diagram, a line for each of its shapes."""
    for point in children(_related_xml(element, "r:dm", story), "dgm:pt"):
        text = "".join(each.text or "" for each in children(point, "a:t")).strip()
        if text:
            yield Paragraph(text=text, style="list_item")


_PICTURES = {
    tag("a:blip"): ("r:embed", "r:link"),
    tag("v:imagedata"): ("r:id", "r:href"),
}
"""Where a picture names its part, and its address when it is only linked."""

_WORDS: Mapping[str, Callable[[Element, Story], Iterator[Block]]] = {
    tag("w:txbxContent"): _text_box,
    tag("c:chart"): _chart,
    tag("dgm:relIds"): _diagram,
}
