"""Any number of plausible portfolios; a seed always gives the same one."""

from services.submission.documents.samples.generator.cast import cast_for
from services.submission.documents.samples.generator.choosing import Chooser
from services.submission.documents.samples.generator.kinds import (
    PROGRAMMES,
    Quality,
    Template,
)
from services.submission.documents.samples.generator.shapes import (
    write_form,
    write_formation,
    write_phases,
    write_workbook,
)
from services.submission.documents.samples.generator.writing import Writer
from shared.programmes import load_programme

__all__ = ["PROGRAMMES", "Quality", "Template", "generate_portfolio"]


def generate_portfolio(
    seed: int,
    *,
    template: Template = "workbook",
    quality: Quality = "clear",
    name: str | None = None,
) -> tuple[str, bytes]:
    """Return the file name and the bytes of one upload.

    800 words or more, 500 where it is thin. *name* is the participant's, where it is
    already known; `PROGRAMMES` has the programme of each template.
    """
    chooser = Chooser(seed)
    writer = Writer(cast_for(chooser, template, name), chooser, template, quality)
    match template:
        case "workbook":
            return f"workbook-{seed}.docx", write_workbook(writer)
        case "phases":
            programme = load_programme(PROGRAMMES[template])
            return f"portfolio-{seed}.zip", write_phases(writer, programme)
        case "formation":
            programme = load_programme(PROGRAMMES[template])
            return f"formation-{seed}.zip", write_formation(writer, programme)
        case "form":
            programme = load_programme(PROGRAMMES[template])
            return f"form-{seed}.docx", write_form(writer, programme)
