"""The numbers that Word shows before paragraphs but does not store in their text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
    number,
)

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEVELS = 9
"""Levels of a list. Source: ECMA-376 17.9.6."""


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    format: str
    text: str
    """With %1 to %9 for the numbers of the levels."""
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document; counts as the paragraphs go by."""

    levels: Mapping[str, Mapping[int, Level]]
    """By id of the list and level."""
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    """Lists that count on together, by id, with the id they share."""

    def label(self, list_id: str, level: int) -> str | None:
        """Count one paragraph and return its number.

        Returns ``""`` for a bullet, and None where the paragraph is in no list.
        """
        levels = self.levels.get(list_id, {})
        here = levels.get(level)
        if here is None or here.format == "none":
            return None
        if here.format == "bullet":
            return ""
        key = self.shared.get(list_id, list_id)
        counts = self.counts.setdefault(key, [None] * _LEVELS)
        before = counts[level]
        counts[level] = here.start if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return _filled(here.text, levels, counts)


def read_numbering(root: Element | None) -> Numbering:
    """Return the lists described in the part *root*; none when it is not there."""
    abstract = {
        attribute(each, "w:abstractNumId"): each
        for each in children(root, "w:abstractNum")
    }
    levels: dict[str, Mapping[int, Level]] = {}
    shared: dict[str, str] = {}
    for each in children(root, "w:num"):
        list_id = attribute(each, "w:numId") or ""
        template_id = attribute(first(each, "w:abstractNumId"), "w:val")
        template = _levels(abstract.get(template_id))
        changed = _overridden(each, template)
        levels[list_id] = changed
        if changed == template and first(each, "w:lvlOverride") is None:
            shared[list_id] = f"template {template_id}"
    return Numbering(levels, shared=shared)


def _levels(template: Element | None) -> dict[int, Level]:
    return {
        number(each, "w:ilvl"): Level(
            format=attribute(first(each, "w:numFmt"), "w:val") or "decimal",
            text=attribute(first(each, "w:lvlText"), "w:val") or "",
            start=number(first(each, "w:start"), "w:val", default=1),
        )
        for each in children(template, "w:lvl")
        if number(each, "w:ilvl") < _LEVELS
    }


def _overridden(instance: Element, template: dict[int, Level]) -> dict[int, Level]:
    changed = {**template, **_levels(instance)}
    for each in children(instance, "w:lvlOverride"):
        start = first(each, "w:startOverride")
        level = changed.get(number(each, "w:ilvl"))
        if start is not None and level is not None:
            changed[number(each, "w:ilvl")] = Level(
                level.format, level.text, number(start, "w:val", default=1)
            )
    return changed


def _filled(text: str, levels: Mapping[int, Level], counts: list[int | None]) -> str:
    for index, level in levels.items():
        count = counts[index]
        shown = _shown(level.start if count is None else count, level.format)
        text = text.replace(f"%{index + 1}", shown)
    return text


def _shown(count: int, style: str) -> str:
    if style.endswith("Letter") and count > 0:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if style.startswith("upper") else letter
    if style.endswith("Roman") and 0 < count < 4000:  # noqa: PLR2004 - Roman numerals end there
        roman = _roman(count)
        return roman.upper() if style.startswith("upper") else roman
    if style == "decimalZero":
        return f"{count:02}"
    return str(count)


def _roman(count: int) -> str:
    shown = ""
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        shown += letters * times
    return shown
