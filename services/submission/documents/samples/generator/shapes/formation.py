"""The QTLS portfolio of professional formation: a folder, six months."""

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


def write_formation(writer: Writer, programme: Programme) -> bytes:
    """Return a zip with every document of the formation layout."""
    chart = chart_of(writer)
    pages = {
        "observation": ("Observation", "observation"),
        "supporter-statement": ("Supporter's statement", "mentor_statement"),
        "manager-statement": ("Manager's statement", "manager_statement"),
    }
    return folder(writer, _documents(writer, programme, chart), pages, chart)


def _documents(
    writer: Writer, programme: Programme, chart: bytes | None
) -> dict[str, tuple[Block, ...]]:
    titles = [standard.title for standard in programme.every_standard()]
    return {
        "about-you": joined(heading("About you"), writer.text("introduction")),
        "self-assessment": joined(heading("Self-assessment"), writer.ratings(titles)),
        "development-plan": joined(
            heading("Development plan"), writer.rows("plan_rows", PLAN)
        ),
        "cpd-log": joined(heading("CPD log"), writer.rows("cpd_rows", CPD)),
        "teaching-learning-assessment": joined(
            heading("Teaching, learning and assessment"),
            writer.text("practice"),
            writer.steps(),
            writer.text("practice_after"),
            writer.text("technology"),
        ),
        "learner-support": joined(
            heading("Learner support"), writer.text("support"), writer.text("learner")
        ),
        "improvement-project": joined(
            heading("Improvement project"), project(writer, chart)
        ),
        "critical-narrative": joined(
            heading("Critical narrative"),
            writer.text("narrative"),
            writer.text("incident"),
        ),
    }
