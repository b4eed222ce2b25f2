"""The written samples, rendered from their sources as participants hand them in.

A source is named after what it becomes: ``x.docx.md``, ``x.pdf.md``; a
``x.figure.yaml`` becomes ``x.png``, ``x.jpg.figure.yaml`` a scan, inside the text
that shows it or else as a file; ``x.table.md`` stands in a cell that says
``[[x.table.md]]``; anything else is handed in as it is.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from services.submission.documents.contents import content_id
from services.submission.documents.contents.markdown import read_markdown
from services.submission.documents.packing import pack_files
from services.submission.documents.samples.drawn import draw_pdf, draw_picture
from services.submission.documents.samples.oddities import as_handed_in
from services.submission.documents.samples.sample import (
    NOT_HANDED_IN,
    SOURCES,
    Recipe,
    Sample,
    read_samples,
)
from services.submission.documents.samples.scanned import jpeg_of
from services.submission.documents.samples.texts import (
    TABLE,
    image,
    pieces,
    text_blocks,
)
from services.submission.documents.samples.word import TextFile, write_word
from shared.contracts.portfolio import Block

_TITLE_MARK = " {title}"
_FIGURE = ".figure.yaml"


def render_samples(
    output: Path, *, sources: Path = SOURCES, names: Collection[str] | None = None
) -> tuple[Path, ...]:
    """Write one upload for each sample into *output*; return their paths.

    *names* are those wanted; all when it is None. Each becomes a document, a folder
    or a zip, as its recipe says.

    Raises:
        FileNotFoundError: there are no sources.
    """
    return tuple(
        render_sample(sample, output)
        for sample in read_samples(sources)
        if names is None or sample.name in names
    )


def render_sample(sample: Sample, output: Path) -> Path:
    """Write the upload of one sample into *output*; return its path."""
    output.mkdir(parents=True, exist_ok=True)
    files = as_handed_in(render_folder(sample.folder, sample.recipe), sample.recipe)
    match sample.recipe.handed_in_as:
        case "document":
            ((name, data),) = files.items()
            path = output / f"{sample.name}{Path(name).suffix}"
            path.write_bytes(data)
        case "zip":
            path = output / f"{sample.name}.zip"
            path.write_bytes(pack_files(files))
        case "folder":
            path = output / sample.name
            for name, data in files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(data)
    return path


def render_folder(folder: Path, recipe: Recipe) -> dict[str, bytes]:
    """Return the files of one sample by name, ready to be packed."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    paths = [path for path in paths if path.name not in NOT_HANDED_IN]
    desk = _Desk(
        folder, recipe, {path: _drawn(path) for path in paths if _is_figure(path)}
    )
    files: dict[str, bytes] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if name.endswith(".docx.md"):
            files[name.removesuffix(".md")] = _word(path, desk)
        elif name.endswith(".pdf.md"):
            files[name.removesuffix(".md")] = _pdf(path)
        elif not _is_figure(path) and not name.endswith(TABLE):
            files[name] = path.read_bytes()
    for path in desk.figures.keys() - desk.shown:
        files[_picture_name(path.relative_to(folder).as_posix())] = desk.figures[path]
    return files


@dataclass(frozen=True, slots=True)
class _Desk:
    """What is at hand while the files of one sample are written."""

    folder: Path
    recipe: Recipe
    figures: dict[Path, bytes]
    shown: set[Path] = field(default_factory=set)
    """Figures that stand in a text, and are no files of their own."""


def _is_figure(path: Path) -> bool:
    return path.name.endswith(_FIGURE)


def _picture_name(figure: str) -> str:
    name = figure.removesuffix(_FIGURE)
    return name if name.endswith(".jpg") else f"{name}.png"


def _drawn(path: Path) -> bytes:
    figure = yaml.safe_load(path.read_text())
    if not isinstance(figure, dict):
        message = f"{path}: not a figure"
        raise TypeError(message)
    is_scan = _picture_name(path.name).endswith(".jpg")
    picture = draw_picture(figure, to_scan=is_scan)
    return jpeg_of(picture) if is_scan else picture


def _word(path: Path, desk: _Desk) -> bytes:
    source = path.read_text()
    first_line = source.split("\n", 1)[0]
    has_title = first_line.endswith(_TITLE_MARK)
    pictures: dict[str, bytes] = {}
    blocks: list[Block] = []
    for piece in pieces(source.replace(_TITLE_MARK, "", 1)):
        if isinstance(piece, str):
            blocks.extend(text_blocks(piece, path.parent))
            continue
        description, file = piece
        figure = path.parent / f"{file.removesuffix('.png')}{_FIGURE}"
        data = desk.figures[figure]
        desk.shown.add(figure)
        pictures[content_id(data)] = data
        blocks.append(image(data, description))
    name = path.relative_to(desk.folder).as_posix().removesuffix(".md")
    text = TextFile(
        first_line.removesuffix(_TITLE_MARK).lstrip("# "),
        "",
        tuple(blocks),
        has_title=has_title,
        bold_headings=name in desk.recipe.bold_headings,
    )
    return write_word(text, pictures)


def _pdf(path: Path) -> bytes:
    blocks = read_markdown(path.read_bytes()).blocks
    title = path.name.removesuffix(".pdf.md")
    return draw_pdf(title, [block.model_dump(mode="json") for block in blocks])
