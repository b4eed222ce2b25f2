"""Paragraphs as a reader of the accepted document sees them."""

from shared.contracts.portfolio import (
    Emphasis,
    Heading,
    Paragraph,
)
from tests.unit.submission.documents.building import (
    paragraph,
    read_body,
)
from tests.unit.submission.documents.word.parts import cell, only_table, table, texts


class TestParagraphs:
    def test_keep_their_order_and_their_style(self) -> None:
        blocks = read_body(
            paragraph("One", "Title")
            + paragraph("Two", "Heading1")
            + paragraph("Three")
            + paragraph("Four", "Quote")
            + paragraph("Five", "Caption")
        ).blocks
        assert blocks == (
            Heading(level=1, text="One"),
            Heading(level=1, text="Two"),
            Paragraph(text="Three"),
            Paragraph(
                text="Four",
                style="quote",
                emphasis=(Emphasis(start=0, end=4, italic=True),),
            ),
            Paragraph(text="Five", style="caption"),
        )

    def test_take_the_level_of_a_heading_from_the_style_it_is_based_on(self) -> None:
        blocks = read_body(paragraph("A", "Mine") + paragraph("B", "Outlined")).blocks
        assert blocks == (Heading(level=2, text="A"), Heading(level=3, text="B"))

    def test_survive_a_style_based_on_itself_and_an_unknown_one(self) -> None:
        assert texts(paragraph("A", "Loop") + paragraph("B", "Nowhere")) == ["A", "B"]

    def test_leave_out_empty_ones_and_outer_space(self) -> None:
        assert texts(paragraph("  ") + paragraph(" A ") + "<w:p/>") == ["A"]

    def test_say_where_words_are_bold_or_italic(self) -> None:
        body = (
            "<w:p><w:r><w:t xml:space='preserve'> Plain </w:t></w:r>"
            "<w:r><w:rPr><w:b/></w:rPr><w:t>bold</w:t></w:r>"
            "<w:r><w:rPr><w:b/></w:rPr><w:t>er</w:t></w:r>"
            "<w:r><w:rPr><w:b w:val='0'/><w:i/></w:rPr><w:t> it</w:t></w:r></w:p>"
        )
        (block,) = read_body(body).blocks
        assert block == Paragraph(
            text="Plain bolder it",
            emphasis=(
                Emphasis(start=6, end=12, bold=True),
                Emphasis(start=12, end=15, italic=True),
            ),
        )

    def test_keep_tabs_breaks_and_special_hyphens(self) -> None:
        body = (
            "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t>"
            "<w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t>"
            '<w:br w:type="page"/></w:r></w:p>'
        )
        assert texts(body) == ["a\tb\nc\N{NON-BREAKING HYPHEN}de"]

    def test_keep_the_words_of_links_controls_and_fields(self) -> None:
        body = (
            '<w:p><w:hyperlink r:id="x"><w:r><w:t>link </w:t></w:r></w:hyperlink>'
            "<w:sdt><w:sdtPr><w:alias w:val='no'/></w:sdtPr><w:sdtContent>"
            "<w:r><w:t>control </w:t></w:r></w:sdtContent></w:sdt>"
            '<w:fldSimple w:instr="AUTHOR"><w:r><w:t>field </w:t></w:r></w:fldSimple>'
            "<w:smartTag><w:r><w:t>tag </w:t></w:r></w:smartTag>"
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            "<w:r><w:instrText>HYPERLINK secret</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            "<w:r><w:t>result</w:t></w:r>"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            "<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></w:p>"
            "<w:sdt><w:sdtContent>" + paragraph("Block control") + "</w:sdtContent>"
            "</w:sdt>"
        )
        assert texts(body) == ["link control field tag resultx+1", "Block control"]

    def test_leave_out_hidden_text(self) -> None:
        body = (
            "<w:p><w:r><w:t>seen</w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"
        )
        assert texts(body) == ["seen"]

    def test_show_ticks_and_form_fields(self) -> None:
        body = (
            '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
            '<w:r><w:sym w:font="Elsewhere" w:char="F0FC"/></w:r>'
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>"
            "<w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>"
            "<w:default w:val='0'/></w:checkBox></w:ffData></w:fldChar></w:r>"
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList>"
            "<w:result w:val='1'/><w:listEntry w:val='no'/><w:listEntry w:val='yes'/>"
            "</w:ddList></w:ffData></w:fldChar></w:r></w:p>"
        )
        assert texts(body) == ["✓\N{REPLACEMENT CHARACTER}☑☐yes"]


class TestTrackedChanges:
    def test_keep_insertions_and_drop_deletions(self) -> None:
        body = (
            "<w:p><w:r><w:t>The </w:t></w:r>"
            "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
            "<w:moveFrom><w:r><w:t> moved</w:t></w:r></w:moveFrom>"
            "<w:r><w:t> text</w:t></w:r>"
            "<w:moveTo><w:r><w:t> moved</w:t></w:r></w:moveTo></w:p>"
        )
        assert texts(body) == ["The new text moved"]

    def test_join_paragraphs_whose_division_is_deleted(self) -> None:
        body = (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
            "<w:r><w:t>One </w:t></w:r></w:p>" + paragraph("sentence.")
        )
        assert texts(body) == ["One sentence."]

    def test_drop_deleted_rows_and_keep_inserted_ones(self) -> None:
        body = table(
            "<w:trPr><w:del/></w:trPr>" + cell(paragraph("gone")),
            "<w:trPr><w:ins/></w:trPr>" + cell(paragraph("new")),
        )
        assert only_table(body).rows == (("new",),)
