"""The words of a paragraph: bold, italic, ticked, added and taken out."""

from collections.abc import Iterable

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from services.submission.documents.samples.word.marks import pieces
from shared.contracts.portfolio import Emphasis

_PLAIN = Emphasis(start=0, end=0)
_CHANGED_ON = "2026-08-31T19:40:00Z"
_WINGDINGS_TICK = "F0FC"


def add_text(
    paragraph: WordParagraph, text: str, emphasis: Iterable[Emphasis], *, start: int
) -> None:
    """Add *text* from *start* on, with its emphasis and its marks."""
    for part in emphasis:
        if part.start > start:
            add_words(paragraph, text[start : part.start])
        add_words(paragraph, text[max(start, part.start) : part.end], part)
        start = part.end
    if text[start:]:
        add_words(paragraph, text[start:])


def add_words(paragraph: WordParagraph, text: str, look: Emphasis = _PLAIN) -> None:
    """Add *text*, all of one look; its marks become what they stand for."""
    for kind, words in pieces(text):
        run = paragraph.add_run("" if kind == "tick" else words)
        run.bold = look.bold or None
        run.italic = look.italic or None
        if kind == "tick":
            _tick(run)
        elif kind != "text":
            _track(run, is_added=kind == "added")


def _tick(run: Run) -> None:
    symbol = OxmlElement("w:sym")
    symbol.set(qn("w:font"), "Wingdings")
    symbol.set(qn("w:char"), _WINGDINGS_TICK)
    run._r.append(symbol)  # noqa: SLF001 - the only way to a symbol


def _track(run: Run, *, is_added: bool) -> None:
    element = run._r  # noqa: SLF001 - the only way to a tracked change
    change = OxmlElement("w:ins" if is_added else "w:del")
    body = element.getroottree().getroot()
    before = sum(len(body.findall(f".//{qn(name)}")) for name in ("w:ins", "w:del"))
    change.set(qn("w:id"), str(before + 1))
    change.set(qn("w:author"), "Reader")
    change.set(qn("w:date"), _CHANGED_ON)
    element.addprevious(change)
    change.append(element)
    if not is_added:
        for words in element.findall(qn("w:t")):
            words.tag = qn("w:delText")
