"""Word documents as a reader of the accepted document sees them."""

import pytest

from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import (
    Block,
    Emphasis,
    Heading,
    Image,
    Paragraph,
    Table,
    block_text,
)
from tests.unit.submission.documents.building import (
    WordParts,
    paragraph,
    png,
    read_body,
    read_word_bytes,
    root,
    word,
)

NUMBERING = root(
    "w:numbering",
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%1.%2)"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="4"/>'
    '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="(%1)"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>',
).encode()


def texts(body: str) -> list[str]:
    """Return the words of each block of *body*."""
    return [block_text(block) for block in read_body(body).blocks]


def item(text: str, list_id: int, level: int = 0, *, bold: bool = False) -> str:
    """Return a paragraph of a list."""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/>'
        f"</w:numPr></w:pPr><w:r>{look}<w:t>{text}</w:t></w:r></w:p>"
    )


def numbered(*items: str) -> tuple[Block, ...]:
    """Return the blocks of a document with lists."""
    return read_word_bytes(
        WordParts(
            "".join(items),
            parts={"word/numbering.xml": NUMBERING},
            links={"n": ("numbering", "numbering.xml")},
        ).packed()
    ).blocks


def cell(inside: str, properties: str = "") -> str:
    """Return a table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def table(*rows: str, looks: str = "") -> str:
    """Return a table of rows of cells."""
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr>{looks}</w:tblPr>{body}</w:tbl>"


def only_table(body: str) -> Table:
    """Return the one block of *body*, which is a table."""
    (block,) = read_body(body).blocks
    assert isinstance(block, Table)
    return block


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


class TestLists:
    def test_show_the_numbers_that_are_not_in_the_text(self) -> None:
        blocks = numbered(
            item("first", 1),
            item("below", 1, 1),
            item("below again", 1, 1),
            item("second", 1),
            item("below anew", 1, 1),
        )
        assert [block_text(block) for block in blocks] == [
            "1. first",
            "1.a) below",
            "1.b) below again",
            "2. second",
            "2.a) below anew",
        ]
        assert {block.style for block in blocks if isinstance(block, Paragraph)} == {
            "list_item"
        }

    def test_number_bold_paragraphs_before_their_emphasis(self) -> None:
        (block,) = numbered(item("What did you learn?", 3, bold=True))
        assert block == Paragraph(
            text="(IV) What did you learn?",
            style="list_item",
            emphasis=(Emphasis(start=5, end=24, bold=True),),
        )

    def test_have_no_number_before_a_bullet(self) -> None:
        (block,) = numbered(item("point", 2))
        assert block == Paragraph(text="point", style="list_item")

    def test_count_on_in_a_second_list_of_the_same_kind_unless_it_restarts(
        self,
    ) -> None:
        blocks = numbered(item("a", 1), item("b", 4), item("c", 5), item("d", 4))
        assert [block_text(block) for block in blocks] == [
            "1. a",
            "7. b",
            "2. c",
            "8. d",
        ]

    def test_leave_a_paragraph_alone_that_is_taken_out_of_its_list(self) -> None:
        assert numbered(item("plain", 0)) == (Paragraph(text="plain"),)


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


def drawing(inside: str, alt: str = "") -> str:
    """Return a paragraph with a drawing."""
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="{alt}"/>{inside}'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def document_with(
    body: str, links: dict[str, tuple[str, str]], parts: dict[str, bytes]
) -> tuple[Block, ...]:
    """Return the blocks of a document with further parts."""
    return read_word_bytes(WordParts(body, links=links, parts=parts).packed()).blocks


class TestDrawings:
    def test_keep_a_picture_in_its_place_with_its_description(self) -> None:
        data = WordParts(
            paragraph("before")
            + drawing('<a:blip r:embed="p"/>', "Two learners at a bench")
            + paragraph("after"),
            links={"p": ("image", "media/image1.png")},
            parts={"word/media/image1.png": png(3, 2)},
        ).packed()
        content = read_word_bytes(data)
        (picture,) = content.pictures
        assert content.blocks == (
            Paragraph(text="before"),
            Image(
                evidence_id=picture.id,
                description="Two learners at a bench",
                width_px=3,
                height_px=2,
            ),
            Paragraph(text="after"),
        )
        assert (picture.data, picture.media_type) == (png(3, 2), "image/png")

    def test_keep_old_pictures(self) -> None:
        (block,) = document_with(
            '<w:p><w:r><w:pict><v:shape alt="Plan"><v:imagedata r:id="p"/></v:shape>'
            "</w:pict></w:r></w:p>",
            {"p": ("image", "media/image1.png")},
            {"word/media/image1.png": png()},
        )
        assert isinstance(block, Image)
        assert block.description == "Plan"

    def test_say_that_a_linked_or_lost_picture_is_not_there(self) -> None:
        blocks = document_with(
            drawing('<a:blip r:link="far"/>') + drawing('<a:blip r:embed="lost"/>'),
            {"far": ("image", "https://tracker.example/x.png")},
            {},
        )
        assert [block_text(block) for block in blocks] == [
            "[A picture that stood here is linked from elsewhere, not included.]",
            "[A picture that stood here is not in the document.]",
        ]

    def test_refuse_a_picture_that_would_flood_the_reader(self) -> None:
        huge = png()[:16] + b"\0\0\xff\xff\0\0\xff\xff" + png()[24:]
        with pytest.raises(UnreadableError, match="65535 by 65535"):
            document_with(
                drawing('<a:blip r:embed="p"/>'),
                {"p": ("image", "media/image1.png")},
                {"word/media/image1.png": huge},
            )

    def test_keep_the_words_of_a_text_box_once(self) -> None:
        box = f"<w:txbxContent>{paragraph('In the box')}</w:txbxContent>"
        body = (
            "<w:p><w:r><w:t>Anchor</w:t></w:r><w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
            f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>"
        )
        assert texts(body) == ["Anchor", "In the box"]

    def test_turn_a_chart_into_the_table_of_its_figures(self) -> None:
        chart = root(
            "c:chartSpace",
            "<c:title><a:t>Marks</a:t></c:title><c:ser><c:tx><c:v>Group A</c:v></c:tx>"
            "<c:cat><c:pt><c:v>May</c:v></c:pt><c:pt><c:v>June</c:v></c:pt></c:cat>"
            "<c:val><c:pt><c:v>4</c:v></c:pt><c:pt><c:v>7</c:v></c:pt></c:val></c:ser>",
        ).encode()
        blocks = document_with(
            drawing('<c:chart r:id="c"/>'),
            {"c": ("chart", "charts/chart1.xml")},
            {"word/charts/chart1.xml": chart},
        )
        assert blocks == (
            Paragraph(text="Marks", style="caption"),
            Table(rows=(("", "Group A"), ("May", "4"), ("June", "7")), header_rows=1),
        )

    def test_keep_the_words_of_a_diagram(self) -> None:
        diagram = root(
            "dgm:dataModel",
            "<dgm:pt><a:t>Plan</a:t></dgm:pt><dgm:pt/><dgm:pt><a:t>Do</a:t></dgm:pt>",
        ).encode()
        blocks = document_with(
            drawing('<dgm:relIds r:dm="d"/>'),
            {"d": ("diagramData", "diagrams/data1.xml")},
            {"word/diagrams/data1.xml": diagram},
        )
        assert [block_text(block) for block in blocks] == ["Plan", "Do"]


class TestNotesAndMargins:
    def test_put_a_footnote_after_the_paragraph_that_cites_it(self) -> None:
        notes = root(
            "w:footnotes",
            '<w:footnote w:type="separator" w:id="0"/>'
            f'<w:footnote w:id="2">{paragraph("See Lee 2020.")}</w:footnote>',
        ).encode()
        blocks = document_with(
            '<w:p><w:r><w:t>Claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
            "</w:p>" + paragraph("Next"),
            {"f": ("footnotes", "footnotes.xml")},
            {"word/footnotes.xml": notes},
        )
        assert blocks == (
            Paragraph(text="Claim[1]"),
            Paragraph(text="[1] See Lee 2020.", style="note"),
            Paragraph(text="Next"),
        )

    def test_keep_headers_but_not_page_numbers(self) -> None:
        header = root("w:hdr", paragraph("A. Lee, ATS")).encode()
        footer = root("w:ftr", paragraph("Page 3 of 9")).encode()
        content = read_word_bytes(
            WordParts(
                paragraph("Body"),
                links={
                    "h": ("header", "header1.xml"),
                    "g": ("header", "header2.xml"),
                    "f": ("footer", "footer1.xml"),
                },
                parts={
                    "word/header1.xml": header,
                    "word/header2.xml": header,
                    "word/footer1.xml": footer,
                },
            ).packed()
        )
        assert content.margins == ("A. Lee, ATS",)


class TestRefusals:
    @pytest.mark.parametrize(
        ("document", "reason"),
        [
            (b"PK\x03\x04 cut off", "damaged"),
            (word("<w:p>"), "not well-formed"),
            (word("<w:r>" * 400 + "</w:r>" * 400), "not well-formed"),
            (word("", **{"word/vbaProject.bin": b"x"}), "macros"),
            (word('<w:altChunk r:id="x"/>'), "Another document is embedded"),
            (
                word(
                    "",
                    **{
                        "word/document.xml": b'<a xmlns="http://purl.oclc.org/ooxml/w"/>'
                    },
                ),
                "Strict Open XML",
            ),
            (word("", **{"[Content_Types].xml": b"<Types/>"}), "not that of a Word"),
            (word("", **{"_rels/.rels": b"<Relationships/>"}), "not that of a Word"),
            (
                WordParts(
                    "",
                    main_type="application/x.macroEnabled.main+xml",
                ).packed(),
                "macros",
            ),
            (
                word(
                    "",
                    **{
                        "word/document.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">'
                        b'<!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
                    },
                ),
                "declares entities",
            ),
            (
                word("", **{"word/document.xml": b"<w>" + b" " * 40_000_000 + b"</w>"}),
                "200 times its packed size",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_say_what_is_wrong(self, document: bytes, reason: str) -> None:
        with pytest.raises(UnreadableError) as refused:
            read_word_bytes(document)
        assert reason in refused.value.reason
        assert refused.value.remedy

    def test_never_read_a_file_of_the_machine_through_an_entity(self) -> None:
        entity = (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/'
            b'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p>'
            b"</w:body></w:document>"
        )
        with pytest.raises(UnreadableError, match="entities"):
            read_word_bytes(word("", **{"word/document.xml": entity}))
