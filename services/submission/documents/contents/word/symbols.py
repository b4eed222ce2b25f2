"""Ticks, crosses and boxes, which Word keeps as letters of a font or as form fields."""

from services.submission.documents.contents.word.xml import (
    Element,
    attribute,
    children,
    first,
    is_on,
    number,
)

_TICKED = "\N{BALLOT BOX WITH CHECK}"
_EMPTY = "\N{BALLOT BOX}"

_SYMBOLS = {
    ("wingdings", "FC"): "\N{CHECK MARK}",
    ("wingdings", "FB"): "\N{BALLOT X}",
    ("wingdings", "FE"): _TICKED,
    ("wingdings", "FD"): "\N{BALLOT BOX WITH X}",
    ("wingdings", "A8"): _EMPTY,
    ("wingdings", "6F"): _EMPTY,
    ("wingdings", "E0"): "\N{RIGHTWARDS ARROW}",
    ("wingdings 2", "50"): "\N{CHECK MARK}",
    ("wingdings 2", "4F"): "\N{BALLOT X}",
    ("wingdings 2", "52"): _TICKED,
    ("wingdings 2", "A3"): _EMPTY,
    ("symbol", "B7"): "\N{BULLET}",
    ("symbol", "AE"): "\N{RIGHTWARDS ARROW}",
}
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def symbol(element: Element) -> str:
    """Return the letter that a ``w:sym`` shows; unknown ones leave a mark."""
    font = (attribute(element, "w:font") or "").casefold()
    code = (attribute(element, "w:char") or "").upper()[-2:]
    return _SYMBOLS.get((font, code), _UNKNOWN)


def form_field(element: Element) -> str:
    """Return the box or the choice that an old form field shows beside its text."""
    box = first(element, "w:ffData/w:checkBox")
    if box is not None:
        checked = is_on(box, "w:checked")
        return (
            _TICKED
            if checked or (checked is None and is_on(box, "w:default"))
            else _EMPTY
        )
    choices = list(children(first(element, "w:ffData/w:ddList"), "w:listEntry"))
    chosen = number(first(element, "w:ffData/w:ddList/w:result"), "w:val")
    if 0 <= chosen < len(choices):
        return attribute(choices[chosen], "w:val") or ""
    return ""
