"""XML as Word writes it: safe parsing, and short names for its namespaces."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from lxml import etree
from lxml.etree import _Element as Element

from services.submission.documents.refusals import UnreadableError

__all__ = ["Element", "attribute", "children", "first", "parse", "tag"]

_NAMESPACES: Final = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}

_OFF = {"0", "false", "off", "none"}


def parse(data: bytes) -> Element:
    """Return the root of *data*; nothing outside it is ever read.

    Raises:
        UnreadableError: not well-formed, nested too deeply, or it declares entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = "The document is damaged: part of it is not well-formed."
        remedy = "Open it in Word, save it under a new name and upload that."
        raise UnreadableError(reason, remedy) from error
    if root.getroottree().docinfo.internalDTD is not None:
        reason = "The document declares entities, which no word processor does."
        raise UnreadableError(reason, "Save it again in Word as .docx.")
    return root


@cache
def tag(name: str) -> str:
    """Return the full name for a short one, for example ``w:p``."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def first(element: Element | None, path: str) -> Element | None:
    """Return the first element under *element* along *path*, as ``w:pPr/w:numPr``."""
    for step in path.split("/"):
        if element is None:
            return None
        element = element.find(tag(step))
    return element


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield all descendants of *element* with one of *names*, in document order."""
    if element is not None:
        yield from element.iter(*(tag(name) for name in names))


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute of *element*, None when either is not there."""
    if element is None:
        return None
    value = element.get(tag(name) if ":" in name else name)
    return None if value is None else str(value)


def number(element: Element | None, name: str, default: int = 0) -> int:
    """Return an attribute as a whole number, *default* when it is none."""
    value = attribute(element, name)
    try:
        return int(value) if value else default
    except ValueError:
        return default


def is_on(properties: Element | None, name: str) -> bool | None:
    """Tell whether a switch such as ``w:b`` is on; None when it is not set."""
    switch = first(properties, name)
    if switch is None:
        return None
    return (attribute(switch, "w:val") or "1").casefold() not in _OFF
