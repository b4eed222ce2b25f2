"""The two written samples, rendered from their sources as participants hand them in.

A source is named after what it becomes: ``x.docx.md``, ``x.pdf.md``; a
``x.figure.yaml`` becomes ``x.png``, inside the text that shows it or else as a file;
anything else is handed in as it is.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from services.submission.documents.contents import content_id
from services.submission.documents.contents.markdown import read_markdown
from services.submission.documents.contents.pictures import pixels
from services.submission.documents.packing import pack_files
from services.submission.documents.samples.drawn import draw_pdf, draw_picture
from services.submission.documents.samples.word import TextFile, write_word
from shared.contracts.portfolio import Block, Image, Paragraph

SOURCES = Path(__file__).resolve().parents[4] / "samples" / "sources"

_PICTURE_LINE = re.compile(
    r"^!\[(?P<description>[^\]]*)\]\((?P<file>[^)]+)\)$", re.MULTILINE
)
_CAPTION = re.compile(r"^(Figure|Table) \d+\. ")
_TITLE_MARK = " {title}"
_FIGURE = ".figure.yaml"


def render_samples(output: Path, *, sources: Path = SOURCES) -> tuple[Path, ...]:
    """Write one upload for each folder of *sources* into *output*; return their paths.

    A folder that holds a single file becomes that file, any other a zip.

    Raises:
        FileNotFoundError: there are no sources.
    """
    folders = sorted(path for path in sources.iterdir() if path.is_dir())
    output.mkdir(parents=True, exist_ok=True)
    return tuple(_written(folder, output) for folder in folders)


def render_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of one sample by name, ready to be packed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    figures = {path: draw_picture(_figure(path)) for path in paths if _is_figure(path)}
    shown: set[Path] = set()
    files: dict[str, bytes] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if name.endswith(".docx.md"):
            files[name.removesuffix(".md")] = _word(path, figures, shown)
        elif name.endswith(".pdf.md"):
            files[name.removesuffix(".md")] = _pdf(path)
        elif not _is_figure(path):
            files[name] = path.read_bytes()
    for path in figures.keys() - shown:
        name = path.relative_to(folder).as_posix()
        files[f"{name.removesuffix(_FIGURE)}.png"] = figures[path]
    return files


def _written(folder: Path, output: Path) -> Path:
    files = render_folder(folder)
    if len(files) == 1:
        ((name, data),) = files.items()
        path = output / f"{folder.name}{Path(name).suffix}"
    else:
        data = pack_files(files)
        path = output / f"{folder.name}.zip"
    path.write_bytes(data)
    return path


def _is_figure(path: Path) -> bool:
    return path.name.endswith(_FIGURE)


def _figure(path: Path) -> dict[str, object]:
    figure = yaml.safe_load(path.read_text())
    if not isinstance(figure, dict):
        message = f"{path}: not a figure"
        raise TypeError(message)
    return figure


def _word(path: Path, figures: dict[Path, bytes], shown: set[Path]) -> bytes:
    source = path.read_text()
    first_line = source.split("\n", 1)[0]
    has_title = first_line.endswith(_TITLE_MARK)
    pictures: dict[str, bytes] = {}
    blocks: list[Block] = []
    for piece in _pieces(source.replace(_TITLE_MARK, "", 1)):
        if isinstance(piece, str):
            blocks.extend(map(_captioned, read_markdown(piece.encode()).blocks))
            continue
        description, file = piece
        figure = path.parent / file.replace(".png", _FIGURE)
        data = figures[figure]
        shown.add(figure)
        pictures[content_id(data)] = data
        blocks.append(_image(data, description))
    title = first_line.removesuffix(_TITLE_MARK).lstrip("# ")
    text = TextFile(title, "", tuple(blocks), has_title=has_title)
    return write_word(text, pictures)


def _pieces(source: str) -> Iterator[str | tuple[str, str]]:
    """Yield texts, and (description, file) for each picture between them."""
    start = 0
    for found in _PICTURE_LINE.finditer(source):
        yield source[start : found.start()]
        yield found["description"], found["file"]
        start = found.end()
    yield source[start:]


def _image(data: bytes, description: str) -> Image:
    width_px, height_px = pixels(data) or (None, None)
    return Image(
        evidence_id=content_id(data),
        description=description,
        width_px=width_px,
        height_px=height_px,
    )


def _captioned(block: Block) -> Block:
    if isinstance(block, Paragraph) and _CAPTION.match(block.text):
        return block.model_copy(update={"style": "caption"})
    return block


def _pdf(path: Path) -> bytes:
    blocks = read_markdown(path.read_bytes()).blocks
    title = path.name.removesuffix(".pdf.md")
    return draw_pdf(title, [block.model_dump(mode="json") for block in blocks])
