"""What several shapes share: the project, its chart, documents, pages, the folder."""

from collections.abc import Mapping

from services.submission.documents.contents import content_id
from services.submission.documents.contents.pictures import pixels
from services.submission.documents.packing import pack_files
from services.submission.documents.samples.drawn import draw_pdf, draw_picture
from services.submission.documents.samples.generator.kinds import PROGRAMMES
from services.submission.documents.samples.generator.writing import (
    Writer,
    heading,
    joined,
)
from services.submission.documents.samples.word import TextFile, write_word
from shared.contracts.portfolio import Block, Image, Paragraph

PLAN = ("Objective", "Standards", "What I did", "How I know", "Position")
CPD = ("Date", "Activity", "Hours", "What I took from it", "What I did")


def project(writer: Writer, chart: bytes | None) -> tuple[Block, ...]:
    """Return the improvement project; without *chart* it has no result yet."""
    return joined(
        heading("The problem", 2),
        writer.text("problem"),
        heading("What we did", 2),
        writer.text("did"),
        writer.steps(),
        heading("What went wrong", 2),
        writer.text("wrong"),
        heading("What happened", 2),
        writer.text("result"),
        _counted(writer, chart) if chart else (),
        writer.text("result_after"),
        writer.quotes() if chart else (),
        heading("Beyond my own groups", 2),
        writer.text("beyond"),
    )


def _counted(writer: Writer, chart: bytes) -> tuple[Block, ...]:
    width_px, height_px = pixels(chart) or (None, None)
    picture = Image(
        evidence_id=content_id(chart),
        description="Bar chart of the three counts: {}, {} and {} per cent.".format(
            *writer.cast.counts
        ),
        width_px=width_px,
        height_px=height_px,
    )
    caption = "Figure 1. The three counts, in per cent"
    return joined(writer.counts(), picture, Paragraph(text=caption, style="caption"))


def chart_of(writer: Writer) -> bytes | None:
    """Return the chart of the three counts; a thin portfolio has none."""
    if writer.is_thin:
        return None
    words = writer.cast.words
    return draw_picture(
        {
            "kind": "bars",
            "title": words["measure"].capitalize(),
            "categories": [
                words[month] for month in ("month_start", "month_middle", "month_late")
            ],
            "series": [{"name": "Per cent", "values": list(writer.cast.counts)}],
        }
    )


def document(
    writer: Writer,
    title: str,
    blocks: tuple[Block, ...],
    chart: bytes | None = None,
    *,
    has_title: bool = False,
) -> bytes:
    """Return *blocks* as a Word document."""
    text = TextFile(title, writer.cast.participant.name, blocks, has_title=has_title)
    return write_word(text, {content_id(chart): chart} if chart else {})


def page(writer: Writer, title: str, key: str) -> bytes:
    """Return the part *key* as a PDF."""
    blocks = joined(heading(title), writer.text(key))
    return draw_pdf(title, [block.model_dump(mode="json") for block in blocks])


def folder(
    writer: Writer,
    documents: Mapping[str, tuple[Block, ...]],
    pages: Mapping[str, tuple[str, str]],
    chart: bytes | None,
) -> bytes:
    """Return a zip of the form, *documents*, and *pages*: a title and a part each."""
    files = {
        "portfolio.yaml": filled_form(writer),
        **{
            f"{name}.docx": document(writer, name, blocks, chart)
            for name, blocks in documents.items()
        },
        **{
            f"{name}.pdf": page(writer, title, key)
            for name, (title, key) in pages.items()
        },
    }
    if chart:
        files["evidence/counts.png"] = chart
    return pack_files(files)


def filled_form(writer: Writer) -> bytes:
    """Return ``portfolio.yaml``."""
    cast = writer.cast
    return f"""\
programme: {PROGRAMMES[writer.template]}
template: {writer.template}
participant:
  name: "{cast.participant.name}"
  membership_number: {cast.membership_number}
  email: {cast.participant.email}
cohort: {cast.words["cohort"]}
setting: {cast.setting}
role: "{cast.role}"
role_context: {cast.role_context}
fairness:
  provider-type: {cast.words["provider"]}
  subject-area: {cast.words["area"]}
  employment: {cast.words["employment"]}
mentor:
  name: "{cast.mentor.name}"
  email: {cast.mentor.email}
manager:
  name: "{cast.manager.name}"
""".encode()
