"""``attest submit``: hand in a portfolio from a file or a folder."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.client import Client, connected
from services.cli.output import Format, FormatOption, errors, refusals, show
from shared.errors import BadInputError


class NothingThereError(BadInputError):
    """There is no file or folder of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What fills in for what the file or its ``portfolio.yaml`` lacks."""

    cohort: str | None = None
    name: str | None = None
    email: str | None = None
    organisation: str | None = None
    mentor: str | None = None


def submit_portfolio(
    client: Client, path: Path, missing: Missing, *, key: str | None = None
) -> dict[str, Any]:
    """Send the portfolio at *path*; returns its case and what was read.

    Raises:
        RefusedError: names every file, what is wrong with it and what to do.
        BadInputError: there is nothing at *path*.
    """
    name, content = _upload(path)
    fields = {name: value for name, value in asdict(missing).items() if value}
    answer: dict[str, Any] = client.post(
        "/submission/portfolios",
        key=key,
        data=fields,
        files={"file": (name, content, "application/octet-stream")},
    )
    return answer


def _upload(path: Path) -> tuple[str, bytes]:
    from services.submission.documents import pack  # noqa: PLC0415 - reads documents

    if path.is_dir():
        return f"{path.name}.zip", pack(path)
    if not path.is_file():
        raise NothingThereError(path=str(path))
    return path.name, path.read_bytes()


def submit(
    path: Annotated[Path, typer.Argument(help="A .docx workbook, a zip or a folder")],
    cohort: Annotated[str | None, typer.Option(help="Cohort to submit to")] = None,
    name: Annotated[str | None, typer.Option(help="Participant's name")] = None,
    email: Annotated[str | None, typer.Option(help="Participant's e-mail")] = None,
    organisation: Annotated[
        str | None, typer.Option(help="Employer or setting")
    ] = None,
    mentor: Annotated[
        str | None, typer.Option(help="Mentor, as 'Name <address>'")
    ] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Submit a portfolio. Options fill in what the file or portfolio.yaml lacks."""
    missing = Missing(
        cohort=cohort, name=name, email=email, organisation=organisation, mentor=mentor
    )
    with refusals(), connected() as client:
        with errors.status(f"Reading and submitting {path.name} ..."):
            answer = submit_portfolio(client, path, missing)
        show(answer, format_)
