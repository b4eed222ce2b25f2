"""The Advanced Mentor form: one document of ratings, tables, questions, signatures."""

from collections.abc import Sequence

from services.submission.documents.samples.generator.shapes.parts import document
from services.submission.documents.samples.generator.writing import (
    Writer,
    heading,
    joined,
)
from shared.contracts.portfolio import Block, Emphasis, Paragraph, Table
from shared.contracts.programme import Programme, Row, StandardGroup

_TICK = "{tick}"
_RED, _AMBER, _GREEN = range(3)
_OFTEN_RED = frozenset({11, 18, 21})
"""Statements for which there may be no evidence yet: English and maths, networks,
other mentors."""
_TWELFTHS = {"clear": 3, "borderline": 6, "thin": 0}
"""How many statements in twelve are not green, of each quality."""
_BOXES = ("strengths", "targets", "actions")
_NOT_ACHIEVED = {"clear": 0, "borderline": 2, "thin": 6}
"""Performance criteria without a tick, of each quality."""


def write_form(writer: Writer, programme: Programme) -> bytes:
    """Return the form as a Word document."""
    blocks = joined(
        heading("Advanced Mentor Certificate: portfolio form"),
        _cover(writer),
        _standards(writer, programme.standards),
        heading("Performance criteria"),
        _criteria(writer, _rows(programme, "performance-criteria")),
        heading("Coaching checklist"),
        _checklist(writer, "coaching", _rows(programme, "coaching-checklist")),
        heading("Co-coaching checklist"),
        _checklist(writer, "co_coaching", _rows(programme, "co-coaching-checklist")),
        heading("Reflection questions"),
        _answers(writer, _rows(programme, "reflection-questions")),
        heading("Reflection and targets"),
        writer.text("reflection"),
        writer.items("next_targets"),
        heading("Verification"),
        _verification(writer),
        heading("School or college comments"),
        writer.text("school_comments"),
        heading("University comments"),
        writer.text("university_comments"),
    )
    return document(writer, "Advanced Mentor form", blocks, has_title=True)


def _rows(programme: Programme, key: str) -> Sequence[Row]:
    template = programme.template("form")
    section = template.section(key) if template is not None else None
    if section is None:
        message = f"{programme.code}: no section {key}"
        raise ValueError(message)
    return section.rows


def _cover(writer: Writer) -> Table:
    cast = writer.cast
    rows = (
        ("Mentor's name", cast.participant.name),
        ("Membership number", cast.membership_number),
        ("E-mail", cast.participant.email),
        ("Cohort", cast.words["month_start"]),
        ("College", cast.setting),
        ("Role", cast.role),
        ("Role context", cast.role_context),
        ("Trainee", cast.words["trainee_full"]),
        ("University tutor", cast.words["tutor_full"]),
        ("College mentor lead", cast.mentor.name),
    )
    return Table(rows=rows)


def _standards(writer: Writer, groups: Sequence[StandardGroup]) -> tuple[Block, ...]:
    boxes = {key: writer.paragraphs(key) for key in _BOXES}
    blocks: list[Block] = []
    for index, group in enumerate(groups):
        blocks += (
            heading(f"Standard {index + 1}: {group.title}"),
            _ratings(writer, group),
            Table(rows=tuple((key.capitalize(), boxes[key][index]) for key in _BOXES)),
        )
    return tuple(blocks)


def _ratings(writer: Writer, group: StandardGroup) -> Table:
    rows = [
        (
            f"{standard.number}. {standard.text}",
            *_ticked(_rating(writer, standard.number), 3),
        )
        for standard in group.standards
    ]
    header = ("Statement", "Red", "Amber", "Green")
    return Table(rows=(header, *rows), header_rows=1)


def _rating(writer: Writer, number: int) -> int:
    """Return a column: thin forms are green throughout, honest ones are not."""
    drawn = writer.chooser.whole(1, 12)
    if drawn > _TWELFTHS[writer.quality]:
        return _GREEN
    return _RED if number in _OFTEN_RED else _AMBER


def _ticked(column: int, width: int) -> tuple[str, ...]:
    return tuple(_TICK if each == column else "" for each in range(width))


def _criteria(writer: Writer, rows: Sequence[Row]) -> Table:
    missing = writer.chooser.several(range(len(rows)), _NOT_ACHIEVED[writer.quality])
    evidence = [cell for (cell,) in writer.cells("criteria_evidence")]
    filled = [
        (
            f"{row.number}. {row.text}",
            "" if index in missing else shown,
            "" if index in missing else _TICK,
        )
        for index, (row, shown) in enumerate(zip(rows, evidence, strict=True))
    ]
    header = ("Criterion", "Evidence", "Achieved")
    return Table(rows=(header, *filled), header_rows=1)


def _checklist(writer: Writer, name: str, rows: Sequence[Row]) -> Table:
    examples = [cell for (cell,) in writer.cells(f"{name}_examples")]
    missing = writer.chooser.whole(0, len(rows) - 1)
    filled = [
        (
            row.text,
            *_ticked(int(index == missing and not writer.is_thin), 2),
            _comment(writer, example, is_missing=index == missing),
        )
        for index, (row, example) in enumerate(zip(rows, examples, strict=True))
    ]
    header = ("I have\N{HORIZONTAL ELLIPSIS}", "Yes", "No", "Example or comment")
    return Table(rows=(header, *filled), header_rows=1)


def _comment(writer: Writer, example: str, *, is_missing: bool) -> str:
    if writer.is_thin:
        return ""
    return "Not yet. My next target" if is_missing else example


def _answers(writer: Writer, questions: Sequence[Row]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for question, answer in zip(questions, writer.text("answers"), strict=True):
        asked = f"{question.number}. {question.text}"
        bold = Emphasis(start=0, end=len(asked), bold=True)
        blocks += (Paragraph(text=asked, emphasis=(bold,)), answer)
    return tuple(blocks)


def _verification(writer: Writer) -> Table:
    cast, words = writer.cast, writer.cast.words
    signers = [("Mentor", cast.participant.name, 19)]
    if not writer.is_thin:
        signers += [
            ("Trainee", words["trainee_full"], 19),
            ("College mentor lead", cast.mentor.name, 23),
            ("University tutor", words["tutor_full"], 26),
        ]
    rows = [
        (role, name, _signed(name), f"{day} {words['month_end']}")
        for role, name, day in signers
    ]
    return Table(rows=(("Role", "Name", "Signature", "Date"), *rows), header_rows=1)


def _signed(name: str) -> str:
    *first, last = name.removeprefix("Dr ").split()
    return f"{first[0][0]}. {last}"
