"""PDFs, pictures and Markdown: their words, and what is refused."""

import io

import pytest
from pypdf import PdfWriter

from services.submission.documents.contents import read_content
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.limits import (
    MAX_PDF_PAGES,
    MAX_TEXT_CHARACTERS,
    Budget,
)
from services.submission.documents.refusals import UnreadableError
from services.submission.documents.samples.drawn import draw_pdf
from shared.contracts.portfolio import (
    Block,
    Emphasis,
    Heading,
    Image,
    Paragraph,
    PdfPage,
    Table,
)
from tests.unit.submission.documents.building import png


def blocks_in(kind: Kind, data: bytes) -> tuple[Block, ...]:
    """Return the blocks of a file."""
    return read_content(kind, data, Budget(10**9)).blocks


def refusal(kind: Kind, data: bytes) -> UnreadableError:
    """Return why a file is refused."""
    with pytest.raises(UnreadableError) as refused:
        blocks_in(kind, data)
    return refused.value


def written(writer: PdfWriter) -> bytes:
    """Return the PDF in *writer*."""
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


class TestPdf:
    def test_gives_the_words_of_each_page(self) -> None:
        words = "A line that is long enough to be broken into two by the page. " * 2
        blocks: list[dict[str, object]] = [
            {"kind": "paragraph", "style": "body", "text": words.strip()},
            {"kind": "paragraph", "style": "list_item", "text": "First point."},
            {"kind": "paragraph", "style": "list_item", "text": "Second point."},
        ]
        (page,) = blocks_in(Kind.PDF, draw_pdf("Statement", blocks))
        assert isinstance(page, PdfPage)
        assert page.page == 1
        assert page.text.splitlines() == [
            words.strip(),
            "• First point.",
            "• Second point.",
        ]

    def test_has_an_empty_page_for_a_scan(self) -> None:
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        (page,) = blocks_in(Kind.PDF, written(writer))
        assert isinstance(page, PdfPage)
        assert page.text == ""

    def test_is_refused_when_it_is_locked(self) -> None:
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.encrypt("secret", algorithm="RC4-128")
        assert "locked" in refusal(Kind.PDF, written(writer)).reason

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 1\ntrailer<</Root 1 0 R>>\n%%EOF"]
    )
    def test_is_refused_when_it_is_damaged(self, data: bytes) -> None:
        assert "damaged" in refusal(Kind.PDF, data).reason

    def test_is_refused_with_more_pages_than_anybody_reads(self) -> None:
        writer = PdfWriter()
        for _ in range(MAX_PDF_PAGES):
            writer.add_blank_page(10, 10)
        assert len(blocks_in(Kind.PDF, written(writer))) == MAX_PDF_PAGES
        writer.add_blank_page(10, 10)
        assert "501 pages" in refusal(Kind.PDF, written(writer)).reason


class TestPictures:
    def test_tell_their_size(self) -> None:
        (image,) = blocks_in(Kind.PNG, png(5, 4))
        assert isinstance(image, Image)
        assert (image.width_px, image.height_px) == (5, 4)

    @pytest.mark.parametrize("length", [20, 40, -4])
    def test_are_refused_when_they_are_cut_off(self, length: int) -> None:
        assert "not complete" in refusal(Kind.PNG, png()[:length]).reason

    def test_are_refused_when_a_bit_is_flipped(self) -> None:
        data = bytearray(png(40, 40))
        data[45] ^= 1
        assert "damaged" in refusal(Kind.PNG, bytes(data)).reason

    def test_are_refused_when_a_jpeg_is_only_a_beginning(self) -> None:
        data = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        assert "not complete" in refusal(Kind.JPEG, data).reason

    @pytest.mark.parametrize(
        "application", [b"", b"\xff\xe1\x00\x04ab", b"\xff\xff\xee\0\2"]
    )
    def test_tell_the_size_of_a_jpeg_from_any_camera(self, application: bytes) -> None:
        frame = b"\xff\xc2\x00\x0b\x08\x00\x05\x00\x07\x01\x11\x00\x00"
        data = b"\xff\xd8" + application + frame + b"\xff\xd9"
        (image,) = blocks_in(Kind.JPEG, data)
        assert isinstance(image, Image)
        assert (image.width_px, image.height_px) == (7, 5)

    @pytest.mark.parametrize(
        "data",
        [b"\xff\xd8\xff\xd9", b"\xff\xd8abcd\xff\xd9", b"\xff\xd8" + b"\xff" * 9],
    )
    def test_are_refused_when_a_jpeg_has_no_frame(self, data: bytes) -> None:
        assert "damaged" in refusal(Kind.JPEG, data).reason


class TestMarkdown:
    def test_becomes_blocks(self) -> None:
        text = (
            "# Head\n\nPlain and **bold** and *it*\nsame line\n\n> Said.\n\n"
            "1. one\n2. two\n\n- point\n\n  more\n\n| a | b |\n|---|---|\n| c | d |\n\n"
            "```\ncode\n```\n\n<b>tag</b>\n"
        )
        assert blocks_in(Kind.MARKDOWN, text.encode()) == (
            Heading(level=1, text="Head"),
            Paragraph(
                text="Plain and bold and it same line",
                emphasis=(
                    Emphasis(start=10, end=14, bold=True),
                    Emphasis(start=19, end=21, italic=True),
                ),
            ),
            Paragraph(text="Said.", style="quote"),
            Paragraph(text="1. one", style="list_item"),
            Paragraph(text="2. two", style="list_item"),
            Paragraph(text="point", style="list_item"),
            Paragraph(text="more", style="list_item"),
            Table(rows=(("a", "b"), ("c", "d")), header_rows=1),
            Paragraph(text="code"),
            Paragraph(text="<b>tag</b>"),
        )

    def test_is_refused_with_more_text_than_anybody_reads(self) -> None:
        assert blocks_in(Kind.MARKDOWN, b"a" * MAX_TEXT_CHARACTERS)
        found = refusal(Kind.MARKDOWN, b"a" * (MAX_TEXT_CHARACTERS + 1))
        assert "2,000,000 characters" in found.reason
