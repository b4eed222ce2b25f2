"""PDFs: the words of each page; the original stays the evidence."""

import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from services.submission.documents.contents.content import Content, content_id
from services.submission.documents.limits import MAX_PDF_PAGES
from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import PdfPage

_BULLET = re.compile(r"^\s*([•◦▪‣∙·o\u2013-]|\(?\d{1,2}[.)])\s+\S")
_FULL_LINE = 0.8
"""A line this much of the longest is taken to run on into the next. Source: P."""

_DAMAGE = (
    PyPdfError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the reader of PDFs raises on one that is damaged; no list of it exists."""

_SAVE_AGAIN = "Open it and print or export it as a PDF again."


def read_pdf(data: bytes) -> Content:
    """Return one block for each page, empty for a scan.

    Raises:
        UnreadableError: locked, damaged, or too many pages.
    """
    evidence_id = content_id(data)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            reason = "The PDF is locked with a password or protected."
            raise UnreadableError(reason, "Save it without protection.")
        if len(reader.pages) > MAX_PDF_PAGES:
            reason = f"It has {len(reader.pages)} pages; the limit is {MAX_PDF_PAGES}."
            raise UnreadableError(reason, "Keep the pages that matter.")
        pages = [_flowing(_words(page)) for page in reader.pages]
    except _DAMAGE as error:
        raise UnreadableError("The PDF is damaged.", _SAVE_AGAIN) from error
    if not pages:
        raise UnreadableError("The PDF has no pages.", _SAVE_AGAIN)
    return Content(
        tuple(
            PdfPage(evidence_id=evidence_id, page=number, text=text)
            for number, text in enumerate(pages, start=1)
        )
    )


def _words(page: PageObject) -> str:
    return page.extract_text().replace("\0", "")


def _flowing(text: str) -> str:
    """Return *text* with the lines of a paragraph joined into one."""
    lines = [line.strip() for line in text.splitlines()]
    longest = max(map(len, lines), default=0)
    return "\n".join(_paragraphs(lines, full=longest * _FULL_LINE)).strip()


def _paragraphs(lines: list[str], *, full: float) -> Iterator[str]:
    paragraph = ""
    previous = ""
    for line in lines:
        runs_on = len(previous) >= full and line and not _BULLET.match(line)
        if runs_on:
            paragraph = f"{paragraph} {line}"
        else:
            if previous or paragraph:
                yield paragraph
            paragraph = line
        previous = line
    yield paragraph
