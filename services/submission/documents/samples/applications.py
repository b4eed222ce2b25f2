"""The written application forms, rendered as applicants fill them in in Word."""

from collections.abc import Iterator
from pathlib import Path

from services.submission.documents.samples.sample import SOURCES
from services.submission.documents.samples.texts import text_blocks
from services.submission.documents.samples.word import TextFile, write_word

FORMS = SOURCES.parent / "applications"
_ENDING = ".docx.md"


def render_applications(output: Path, *, sources: Path = FORMS) -> Iterator[Path]:
    """Write each form into *output*, headings only bold; yield its path.

    Raises:
        FileNotFoundError: there are no sources.
    """
    output.mkdir(parents=True, exist_ok=True)
    for source in sorted(sources.iterdir()):
        name = source.name.removesuffix(_ENDING)
        path = output / f"application-{name}.docx"
        path.write_bytes(form_of(source))
        yield path


def form_of(source: Path) -> bytes:
    """Return one form as a document."""
    text = source.read_text()
    title = text.partition("\n")[0].lstrip("# ")
    blocks = tuple(text_blocks(text, source.parent))
    document = TextFile(title, "", blocks, has_title=True, bold_headings=True)
    return write_word(document, {})
