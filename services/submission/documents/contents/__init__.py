"""The inside of a file: its words, tables and pictures, as blocks."""

from services.submission.documents.contents.content import Content, Picture, content_id
from services.submission.documents.contents.markdown import read_markdown
from services.submission.documents.contents.pdf import read_pdf
from services.submission.documents.contents.pictures import read_picture
from services.submission.documents.contents.word import read_word
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.limits import MAX_TEXT_CHARACTERS, Budget
from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import block_text

__all__ = ["Content", "Picture", "content_id", "read_content"]


def read_content(kind: Kind, data: bytes, budget: Budget) -> Content:
    """Return what a file of *kind*, known not to be disguised, contains.

    A Word document is itself a package: what it unpacks to is spent from *budget*.

    Raises:
        UnreadableError: damaged, locked, hostile, or more text than anybody reads.
    """
    content = _read(kind, data, budget)
    if sum(len(block_text(block)) for block in content.blocks) > MAX_TEXT_CHARACTERS:
        reason = f"It holds more than {MAX_TEXT_CHARACTERS:,} characters of text."
        raise UnreadableError(reason, "Leave out what the portfolio does not cite.")
    return content


def _read(kind: Kind, data: bytes, budget: Budget) -> Content:
    match kind:
        case Kind.WORD:
            return read_word(data, budget)
        case Kind.PDF:
            return read_pdf(data)
        case Kind.PNG | Kind.JPEG:
            return read_picture(kind, data)
        case Kind.MARKDOWN | Kind.FORM:
            return read_markdown(data)
