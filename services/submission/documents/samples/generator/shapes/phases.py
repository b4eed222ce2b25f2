"""The ATS portfolio by phases: a folder with a document for each part."""

from services.submission.documents.samples.generator.shapes.parts import (
    CPD,
    PLAN,
    chart_of,
    folder,
    project,
)
from services.submission.documents.samples.generator.writing import (
    Writer,
    heading,
    joined,
)
from shared.contracts.portfolio import Block
from shared.contracts.programme import Programme


def write_phases(writer: Writer, programme: Programme) -> bytes:
    """Return a zip with every document of the phases layout."""
    chart = chart_of(writer)
    pages = {
        "observation": ("Initial observation", "observation"),
        "mentor-statement": ("Mentor's statement", "mentor_statement"),
        "manager-statement": ("Manager's statement", "manager_statement"),
    }
    return folder(writer, _documents(writer, programme, chart), pages, chart)


def _documents(
    writer: Writer, programme: Programme, chart: bytes | None
) -> dict[str, tuple[Block, ...]]:
    titles = [standard.title for standard in programme.every_standard()]
    ratings = joined(writer.text("plan")[:1], writer.ratings(titles))
    story = joined(writer.text("narrative"), writer.text("learner"))
    return {
        "about-you": joined(heading("About you"), writer.text("introduction")),
        "self-assessment": joined(heading("Self-assessment"), ratings),
        **_feedback(writer),
        "development-plan": joined(
            heading("Development plan"), writer.rows("plan_rows", PLAN)
        ),
        "cpd-log": joined(heading("CPD log"), writer.rows("cpd_rows", CPD)),
        "coaching": joined(heading("Coaching"), writer.text("coaching")),
        "technology": joined(heading("Technology"), writer.text("technology")),
        "improvement-project": joined(
            heading("Improvement project"), project(writer, chart)
        ),
        "critical-incident": joined(
            heading("Critical incident"), writer.text("incident")
        ),
        "reflective-diary": joined(heading("Reflective diary"), writer.text("diary")),
        "critical-narrative": joined(heading("Critical narrative"), story),
    }


def _feedback(writer: Writer) -> dict[str, tuple[Block, ...]]:
    return {
        "360/colleague": joined(heading("Colleague"), writer.text("colleague")),
        "360/manager": joined(heading("Manager"), writer.text("manager_feedback")),
        **{
            f"360/learner-{number}": joined(
                heading("Learner"), writer.text(f"learner_feedback_{number}")
            )
            for number in (1, 2, 3)
        },
    }
