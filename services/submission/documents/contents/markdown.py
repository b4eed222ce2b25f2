"""Markdown: headings, paragraphs, lists, quotes and tables as blocks."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from services.submission.documents.contents.content import Content
from shared.contracts.portfolio import Block, Emphasis, Heading, Paragraph, Table

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def read_markdown(data: bytes) -> Content:
    """Return the blocks of a text that is known to be UTF-8; HTML stays plain text."""
    tree = SyntaxTreeNode(_PARSER.parse(data.decode("utf-8-sig")))
    return Content(tuple(_blocks(tree)))


def _blocks(parent: SyntaxTreeNode) -> Iterator[Block]:
    for node in parent.children:
        if node.type == "heading":
            yield Heading(level=int(node.tag[1]), text=_plain(node))
        elif node.type == "paragraph":
            yield _paragraph(node, parent)
        elif node.type == "table":
            yield _table(node)
        elif node.type in {"fence", "code_block"}:
            yield Paragraph(text=node.content.rstrip("\n"))
        else:
            yield from _blocks(node)


def _paragraph(node: SyntaxTreeNode, parent: SyntaxTreeNode) -> Paragraph:
    spans = list(_spans(node))
    text = "".join(span for span, _, _ in spans)
    if parent.type == "list_item":
        number = _number(parent) if node is parent.children[0] else ""
        return Paragraph(
            text=number + text, style="list_item", emphasis=_emphasis(spans, number)
        )
    style = "quote" if parent.type == "blockquote" else "body"
    return Paragraph(text=text, style=style, emphasis=_emphasis(spans, ""))


def _number(item: SyntaxTreeNode) -> str:
    if item.parent is None or item.parent.type != "ordered_list":
        return ""
    start = int(item.parent.attrs.get("start", 1))
    return f"{start + item.parent.children.index(item)}. "


def _emphasis(spans: list[tuple[str, bool, bool]], before: str) -> tuple[Emphasis, ...]:
    found: list[Emphasis] = []
    offset = len(before)
    for text, bold, italic in spans:
        if (bold or italic) and text:
            end = offset + len(text)
            found.append(Emphasis(start=offset, end=end, bold=bold, italic=italic))
        offset += len(text)
    return tuple(found)


def _spans(
    node: SyntaxTreeNode, *, bold: bool = False, italic: bool = False
) -> Iterator[tuple[str, bool, bool]]:
    for child in node.children:
        if child.type in {"softbreak", "hardbreak"}:
            yield ("\n" if child.type == "hardbreak" else " ", bold, italic)
        elif child.type in {"text", "code_inline", "image"}:
            yield (child.content, bold, italic)
        else:
            yield from _spans(
                child,
                bold=bold or child.type == "strong",
                italic=italic or child.type == "em",
            )


def _plain(node: SyntaxTreeNode) -> str:
    return "".join(text for text, _, _ in _spans(node))


def _table(node: SyntaxTreeNode) -> Table:
    rows = tuple(
        tuple(_plain(cell) for cell in row.children)
        for part in node.children
        for row in part.children
    )
    return Table(rows=rows, header_rows=1)
