"""Tables with every cell in its place."""

from shared.contracts.portfolio import (
    Table,
)
from tests.unit.submission.documents.building import (
    paragraph,
)
from tests.unit.submission.documents.word.parts import cell, only_table, table


class TestTables:
    def test_keep_every_cell_in_its_place(self) -> None:
        found = only_table(
            table(
                cell(paragraph("a", bold=True)) + cell(paragraph("b", bold=True)),
                cell(paragraph("c")) + cell(paragraph("d") + paragraph("e")),
                looks='<w:tblLook w:firstRow="1"/>',
            )
        )
        assert found == Table(rows=(("a", "b"), ("c", "d\ne")), header_rows=1)

    def test_trust_rows_that_are_marked_as_headings(self) -> None:
        found = only_table(
            table(
                "<w:trPr><w:tblHeader/></w:trPr>" + cell(paragraph("a")),
                cell(paragraph("b")),
            )
        )
        assert found.header_rows == 1

    def test_keep_merged_cells_with_what_they_cover(self) -> None:
        found = only_table(
            table(
                cell(paragraph("wide"), '<w:gridSpan w:val="2"/>')
                + cell(paragraph("tall"), '<w:vMerge w:val="restart"/>'),
                cell(paragraph("a"))
                + cell(paragraph("b"))
                + cell("<w:p/>", "<w:vMerge/>"),
            )
        )
        assert found.rows == (("wide", "", "tall"), ("a", "b", ""))
        assert [
            (each.row, each.column, each.rows, each.columns) for each in found.cells
        ] == [
            (0, 0, 1, 2),
            (0, 2, 2, 1),
        ]

    def test_keep_nested_tables(self) -> None:
        inner = table(cell(paragraph("x")) + cell(paragraph("y")), cell(paragraph("z")))
        found = only_table(table(cell(paragraph("before") + inner + "<w:p/>")))
        assert found.rows == (("before\nx | y\nz | ",),)
        (content,) = found.cells
        assert content.blocks[1] == Table(rows=(("x", "y"), ("z", "")))

    def test_do_not_grow_beyond_what_word_allows(self) -> None:
        found = only_table(
            table(cell(paragraph("a"), '<w:gridSpan w:val="999999999"/>'))
        )
        assert len(found.rows[0]) == 63

    def test_keep_cells_in_controls(self) -> None:
        found = only_table(
            table(f"<w:sdt><w:sdtContent>{cell(paragraph('a'))}</w:sdtContent></w:sdt>")
        )
        assert found.rows == (("a",),)
