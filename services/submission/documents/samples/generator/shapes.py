"""The two shapes of a generated portfolio: one workbook, or a folder by phases."""

from services.submission.documents.contents import content_id
from services.submission.documents.contents.pictures import pixels
from services.submission.documents.packing import pack_files
from services.submission.documents.samples.drawn import draw_pdf, draw_picture
from services.submission.documents.samples.generator.writing import (
    Writer,
    heading,
    joined,
)
from services.submission.documents.samples.word import TextFile, write_word
from shared.contracts.portfolio import Block, Image, Paragraph
from shared.contracts.programme import Programme

_PLAN = ("Objective", "Standards", "What I did", "How I know", "Position")
_CPD = ("Date", "Activity", "Hours", "What I took from it", "What I did")


def write_workbook(writer: Writer) -> bytes:
    """Return a workbook with its five sections as a Word document."""
    cast = writer.cast
    chart = _chart(writer)
    blocks = joined(
        heading("Advanced Teacher Status workbook"),
        Paragraph(
            text=f"Participant: {cast.participant.name}   Membership number:"
            f" {cast.membership_number}   E-mail: {cast.participant.email}"
        ),
        Paragraph(
            text=f"Cohort: October 2025   Setting: {cast.setting}   Role: {cast.role}"
        ),
        Paragraph(
            text=f"Role context: {cast.role_context}   Mentor: {cast.mentor.name}"
            f" ({cast.mentor.email})   Line manager: {cast.manager.name}"
        ),
        heading("Introduction"),
        writer.text("introduction"),
        heading("Professional development plan"),
        writer.text("plan"),
        writer.rows("plan_rows", _PLAN),
        writer.text("plan_after"),
        heading("Improvement project or case study"),
        _project(writer, chart),
        heading("Case studies, reports and research"),
        heading("Coaching colleagues", 2),
        writer.text("coaching"),
        heading("A learner", 2),
        writer.text("learner"),
        heading("An afternoon I would take back", 2),
        writer.text("incident"),
        heading("Final action plan"),
        writer.text("action"),
        writer.items("action_items"),
        writer.text("action_after"),
    )
    text = TextFile("ATS workbook", cast.participant.name, blocks, has_title=True)
    return write_word(text, {content_id(chart): chart})


def write_phases(writer: Writer, programme: Programme) -> bytes:
    """Return a zip with every document of the phases layout."""
    chart = _chart(writer)
    titles = [standard.title for standard in programme.every_standard()]
    documents: dict[str, tuple[Block, ...]] = {
        "about-you": joined(heading("About you"), writer.text("introduction")),
        "self-assessment": joined(
            heading("Self-assessment"), writer.text("plan")[:1], writer.ratings(titles)
        ),
        "360/colleague": joined(heading("Colleague"), writer.text("colleague")),
        "360/manager": joined(heading("Manager"), writer.text("manager_feedback")),
        **{
            f"360/learner-{number}": joined(
                heading("Learner"), writer.text(f"learner_feedback_{number}")
            )
            for number in (1, 2, 3)
        },
        "development-plan": joined(
            heading("Development plan"), writer.rows("plan_rows", _PLAN)
        ),
        "cpd-log": joined(heading("CPD log"), writer.rows("cpd_rows", _CPD)),
        "coaching": joined(heading("Coaching"), writer.text("coaching")),
        "technology": joined(heading("Technology"), writer.text("technology")),
        "improvement-project": joined(
            heading("Improvement project"), _project(writer, chart)
        ),
        "critical-incident": joined(
            heading("Critical incident"), writer.text("incident")
        ),
        "reflective-diary": joined(heading("Reflective diary"), writer.text("diary")),
        "critical-narrative": joined(
            heading("Critical narrative"),
            writer.text("narrative"),
            writer.text("learner"),
        ),
    }
    return pack_files(
        {
            "portfolio.yaml": _form(writer),
            **{
                f"{name}.docx": _document(writer, name, blocks, chart)
                for name, blocks in documents.items()
            },
            "observation.pdf": _page(writer, "Initial observation", "observation"),
            "mentor-statement.pdf": _page(
                writer, "Mentor's statement", "mentor_statement"
            ),
            "manager-statement.pdf": _page(
                writer, "Manager's statement", "manager_statement"
            ),
            "evidence/counts.png": chart,
        }
    )


def _project(writer: Writer, chart: bytes) -> tuple[Block, ...]:
    width_px, height_px = pixels(chart) or (None, None)
    picture = Image(
        evidence_id=content_id(chart),
        description="Bar chart of the three counts: {}, {} and {} per cent.".format(
            *writer.cast.counts
        ),
        width_px=width_px,
        height_px=height_px,
    )
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
        writer.counts(),
        picture,
        Paragraph(text="Figure 1. The three counts, in per cent", style="caption"),
        writer.text("result_after"),
        writer.quotes(),
        heading("Beyond my own groups", 2),
        writer.text("beyond"),
    )


def _chart(writer: Writer) -> bytes:
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


def _document(
    writer: Writer, name: str, blocks: tuple[Block, ...], chart: bytes
) -> bytes:
    text = TextFile(name, writer.cast.participant.name, blocks)
    return write_word(text, {content_id(chart): chart})


def _page(writer: Writer, title: str, key: str) -> bytes:
    blocks = joined(heading(title), writer.text(key))
    return draw_pdf(title, [block.model_dump(mode="json") for block in blocks])


def _form(writer: Writer) -> bytes:
    cast = writer.cast
    return f"""\
programme: ATS
template: phases
participant:
  name: "{cast.participant.name}"
  membership_number: {cast.membership_number}
  email: {cast.participant.email}
cohort: 2025-10
setting: {cast.setting}
role: "{cast.role}"
role_context: {cast.role_context}
mentor:
  name: "{cast.mentor.name}"
  email: {cast.mentor.email}
manager:
  name: "{cast.manager.name}"
""".encode()
