"""Marks in sources: what they split into, and how the accepted text reads."""

import pytest

from services.submission.documents.contents import Content, read_content
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.limits import Budget
from services.submission.documents.samples.word import TextFile, write_word
from services.submission.documents.samples.word.marks import accepted, pieces
from shared.contracts.portfolio import (
    CellContent,
    Emphasis,
    Heading,
    Paragraph,
    Table,
)

PLENTY = 10**9
TICK = "\N{CHECK MARK}"


def written_and_read(text: TextFile) -> Content:
    """Return *text* as the importer reads the document made from it."""
    return read_content(Kind.WORD, write_word(text, {}), Budget(PLENTY))


def document(*blocks: Heading | Paragraph | Table) -> TextFile:
    """Return a document of *blocks*."""
    return TextFile("A document", "", blocks)


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "reads"),
        [
            ("plain", "plain"),
            ("we {++all ++}agreed", "we all agreed"),
            ("we {--never --}agreed", "we agreed"),
            ("{--a--}{++b++}c", "bc"),
            ("done {tick}", f"done {TICK}"),
        ],
    )
    def test_read_as_the_accepted_text(self, text: str, reads: str) -> None:
        assert accepted(text) == reads

    def test_keep_braces_that_are_no_marks(self) -> None:
        assert list(pieces("{a} and {+b+}")) == [("text", "{a} and {+b+}")]


class TestDocuments:
    def test_hold_tracked_changes_that_read_as_accepted(self) -> None:
        text = "I {--coached--}{++helped++} two people"
        found = written_and_read(document(Paragraph(text=text)))
        assert found.blocks == (Paragraph(text="I helped two people"),)

    def test_hold_what_was_taken_out(self) -> None:
        data = write_word(document(Paragraph(text="{--coached--}{++helped++}")), {})
        again = write_word(document(Paragraph(text="helped")), {})
        assert data != again

    def test_hold_ticks(self) -> None:
        table = Table(rows=(("Asked", "{tick}"),))
        (found,) = written_and_read(document(table)).blocks
        assert found == Table(rows=(("Asked", TICK),))

    def test_hold_a_table_inside_a_table(self) -> None:
        inner = Table(rows=(("Month", "Right"), ("May", "22")))
        nested = CellContent(row=1, column=1, blocks=(inner,))
        table = Table(rows=(("Aim", "How"), ("Taste", "See: ")), cells=(nested,))
        (found,) = written_and_read(document(table)).blocks
        assert isinstance(found, Table)
        (cell,) = (each for each in found.cells if each.blocks)
        (read,) = (each for each in cell.blocks if isinstance(each, Table))
        assert (cell.row, cell.column) == (1, 1)
        assert read.rows == inner.rows

    def test_have_headings_that_are_only_bold(self) -> None:
        text = TextFile(
            "A", "", (Heading(level=1, text="Introduction"),), bold_headings=True
        )
        bold = Emphasis(start=0, end=12, bold=True)
        assert written_and_read(text).blocks == (
            Paragraph(text="Introduction", emphasis=(bold,)),
        )
