"""Files read one by one: each once, whoever wants to know what is in it."""

from services.submission.documents.intake import SourceFile
from services.submission.documents.layout.shelf import Shelf
from services.submission.documents.limits import Budget
from services.submission.documents.refusals import Problems


class Counted:
    """The content of a file, and how often it was asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.reads = 0

    def __call__(self) -> bytes:
        self.reads += 1
        return self._content


def shelf() -> Shelf:
    return Shelf(lambda _, __: None, Budget(limit_bytes=10_000), Problems())


class TestShelf:
    def test_reads_a_file_once(self) -> None:
        content, holding = Counted(b"# Notes\n\nWhat I did."), shelf()
        file = SourceFile("notes.md", 20, content)
        first = holding.read(file, as_section=True)
        assert first is not None
        assert holding.read(file, as_section=True) is first
        assert content.reads == 1

    def test_notes_once_that_a_file_cannot_be_read(self) -> None:
        content, holding = Counted(b"no document"), shelf()
        file = SourceFile("portfolio.docx", 11, content)
        assert holding.read(file, as_section=True) is None
        assert holding.read(file, as_section=True) is None
        assert (content.reads, len(holding.problems.found)) == (1, 1)
