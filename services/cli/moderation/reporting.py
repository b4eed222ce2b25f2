"""`attest moderation report`: what the moderation of a cohort shows."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from services.cli.client import connected
from services.cli.output import refusals
from services.cli.paths import part


class ReportFormat(StrEnum):
    """How a report is written."""

    JSON = "json"
    CSV = "csv"


def report(
    cohort: Annotated[str, typer.Option(help="Id of the cohort")],
    format_: Annotated[
        ReportFormat,
        typer.Option("--format", help="json for programs, csv for spreadsheets"),
    ] = ReportFormat.JSON,
) -> None:
    """Print agreement, overturns, reviewers, drift and fairness of a cohort.

    Every figure has its interval, or the reason why it is not estimable. The same
    events give the same bytes: nobody's name, no text, no case is in them.
    """
    path = f"/moderation/cohorts/{part(cohort)}/report"
    with refusals(), connected() as client:
        content = client.content(path, format=format_.value)
    sys.stdout.buffer.write(content)
