"""The ATS workbook: one document with five sections."""

from services.submission.documents.samples.generator.shapes.parts import (
    PLAN,
    chart_of,
    document,
    project,
)
from services.submission.documents.samples.generator.writing import (
    Writer,
    heading,
    joined,
)
from shared.contracts.portfolio import Block, Paragraph


def write_workbook(writer: Writer) -> bytes:
    """Return a workbook with its five sections as a Word document."""
    chart = chart_of(writer)
    blocks = joined(
        heading("Advanced Teacher Status workbook"),
        _cover(writer),
        heading("Introduction"),
        writer.text("introduction"),
        heading("Professional development plan"),
        writer.text("plan"),
        writer.rows("plan_rows", PLAN),
        writer.text("plan_after"),
        heading("Improvement project or case study"),
        project(writer, chart),
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
    return document(writer, "ATS workbook", blocks, chart, has_title=True)


def _cover(writer: Writer) -> tuple[Block, ...]:
    cast = writer.cast
    who = (
        f"Participant: {cast.participant.name}   Membership number:"
        f" {cast.membership_number}   E-mail: {cast.participant.email}"
    )
    where = (
        f"Cohort: {cast.words['month_start']}   Setting: {cast.setting}"
        f"   Role: {cast.role}"
    )
    others = (
        f"Role context: {cast.role_context}   Mentor: {cast.mentor.name}"
        f" ({cast.mentor.email})   Line manager: {cast.manager.name}"
    )
    return tuple(Paragraph(text=line) for line in (who, where, others))
