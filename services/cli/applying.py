"""``attest apply``: send in an application form in Word."""

from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.client import Client, connected
from services.cli.output import Format, FormatOption, errors, refusals, show
from services.cli.submitting import NothingThereError


def send_form(
    client: Client, path: Path, cohort: str, *, key: str | None = None
) -> dict[str, Any]:
    """Send the form at *path*; return the case it may become, and whose it is.

    Raises:
        RefusedError: names every field, what is wrong with it and what to do.
        BadInputError: there is nothing at *path*.
    """
    if not path.is_file():
        raise NothingThereError(path=str(path))
    answer: dict[str, Any] = client.post(
        "/submission/applications/form",
        key=key,
        data={"cohort_id": cohort},
        files={"file": (path.name, path.read_bytes(), "application/octet-stream")},
    )
    return answer


def apply(
    path: Annotated[Path, typer.Argument(help="The application form, a .docx")],
    cohort: Annotated[str, typer.Option(help="Cohort to apply for")],
    format_: FormatOption = Format.TEXT,
) -> None:
    """Send in an application form; its address says who applies."""
    with refusals(), connected() as client:
        with errors.status(f"Reading and sending {path.name} ..."):
            answer = send_form(client, path, cohort)
        show(answer, format_)
