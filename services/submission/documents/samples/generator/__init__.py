"""Any number of plausible portfolios; a seed always gives the same one."""

from typing import Literal

from services.submission.documents.samples.generator.cast import cast_for
from services.submission.documents.samples.generator.choosing import Chooser
from services.submission.documents.samples.generator.shapes import (
    write_phases,
    write_workbook,
)
from services.submission.documents.samples.generator.writing import Writer
from shared.programmes import load_programme

__all__ = ["generate_portfolio"]


def generate_portfolio(
    seed: int,
    *,
    template: Literal["workbook", "phases"] = "workbook",
    name: str | None = None,
) -> tuple[str, bytes]:
    """Return the file name and the bytes of one upload, 800 words or more.

    *name* is the participant's, where it is already known.
    """
    chooser = Chooser(seed)
    writer = Writer(cast_for(chooser, name), chooser)
    if template == "workbook":
        return f"workbook-{seed}.docx", write_workbook(writer)
    return f"portfolio-{seed}.zip", write_phases(writer, load_programme("ATS"))
