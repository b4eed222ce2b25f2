"""Pictures, text boxes, charts, diagrams, notes and margins."""

import pytest

from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import (
    Image,
    Paragraph,
    Table,
    block_text,
)
from tests.unit.submission.documents.building import (
    WordParts,
    paragraph,
    png,
    read_word_bytes,
    root,
)
from tests.unit.submission.documents.word.parts import (
    document_with,
    drawing,
    texts,
)


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
