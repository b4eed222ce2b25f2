"""What a paragraph's style means, through the chain of styles it is based on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
    is_on,
    number,
)

Role: TypeAlias = Literal[
    "body", "heading", "title", "quote", "caption", "list_item", "contents"
]

_HEADING = re.compile(r"^heading (\d)$")
_BODY_LEVEL = 9
"""Outline level that means running text. Source: ECMA-376 17.3.1.20."""


@dataclass(frozen=True, slots=True)
class Style:
    """The meaning of a style, all that it is based on taken into account."""

    role: Role = "body"
    level: int = 0
    """Level of a heading, from 1."""
    bold: bool = False
    italic: bool = False
    numbering: tuple[str, int] | None = None
    """Id of the list and level in it."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by id."""

    by_id: Mapping[str, Element]
    default_id: str | None
    _known: dict[str | None, Style] = field(default_factory=dict, init=False)

    def of(self, style_id: str | None) -> Style:
        """Return the meaning of a style; running text when it is not known."""
        if style_id not in self._known:
            self._known[style_id] = self._meaning(style_id)
        return self._known[style_id]

    def _meaning(self, style_id: str | None) -> Style:
        chain = tuple(self._chain(style_id or self.default_id))
        role, level = next(filter(None, map(_role, chain)), ("body", 0))
        numbering = next(filter(None, map(_numbering, chain)), None)
        return Style(
            role=role,
            level=level,
            bold=_switch(chain, "w:b"),
            italic=_switch(chain, "w:i"),
            numbering=numbering,
        )

    def _chain(self, style_id: str | None) -> Iterator[Element]:
        seen: set[str] = set()
        while style_id and style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            style = self.by_id[style_id]
            yield style
            style_id = attribute(first(style, "w:basedOn"), "w:val")


def read_styles(root: Element | None) -> Styles:
    """Return the styles in the part *root*; none when the document has no such part."""
    by_id = {
        attribute(each, "w:styleId") or "": each for each in children(root, "w:style")
    }
    default = next(
        (
            style_id
            for style_id, each in by_id.items()
            if attribute(each, "w:default") == "1"
            and attribute(each, "w:type") == "paragraph"
        ),
        None,
    )
    return Styles(by_id, default)


def _role(style: Element) -> tuple[Role, int] | None:
    name = (attribute(first(style, "w:name"), "w:val") or "").casefold()
    if heading := _HEADING.match(name):
        return "heading", int(heading[1])
    if name.startswith("toc "):
        return "contents", 0
    for start, role in _BY_NAME:
        if name.startswith(start):
            return role, 0
    outline = number(first(style, "w:pPr/w:outlineLvl"), "w:val", default=_BODY_LEVEL)
    return ("heading", outline + 1) if outline < _BODY_LEVEL else None


_BY_NAME: tuple[tuple[str, Role], ...] = (
    ("title", "title"),
    ("quote", "quote"),
    ("intense quote", "quote"),
    ("caption", "caption"),
    ("list ", "list_item"),
)


def _numbering(style: Element) -> tuple[str, int] | None:
    properties = first(style, "w:pPr/w:numPr")
    list_id = attribute(first(properties, "w:numId"), "w:val")
    if list_id is None:
        return None
    return list_id, number(first(properties, "w:ilvl"), "w:val")


def _switch(chain: tuple[Element, ...], name: str) -> bool:
    settings = (is_on(first(style, "w:rPr"), name) for style in chain)
    return next((each for each in settings if each is not None), False)
