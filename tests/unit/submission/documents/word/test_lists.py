"""The numbers before paragraphs, which are not in their text."""

from shared.contracts.portfolio import (
    Block,
    Emphasis,
    Paragraph,
    block_text,
)
from tests.unit.submission.documents.building import (
    WordParts,
    read_word_bytes,
    root,
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
