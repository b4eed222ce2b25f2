"""Commands about the draws of moderation: export them, and check every one."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.client import Client, connected
from services.cli.output import (
    ExitCode,
    Format,
    FormatOption,
    errors,
    refusals,
    show,
)
from services.cli.paths import part
from services.cli.upkeep import streamed
from services.moderation.verify_draw import check
from shared.errors import BadInputError

sampling = typer.Typer(help="The draws of moderation.", no_args_is_help=True)

Cohort = Annotated[str, typer.Option(help="Id of the cohort; its key must be public")]


@sampling.command("export")
def sampling_export(
    cohort: Cohort,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write here instead of standard output"),
    ] = None,
) -> None:
    """Write every draw of a cohort as JSON that anybody can check without attest."""
    with refusals(), connected(roles=("operations", "auditor")) as client:
        text = json.dumps(_export(client, cohort), indent=1)
        if out is None:
            typer.echo(text)
            return
        _write(out, f"{text}\n")
        errors.print(f"Written to {out}: check it with verify_draw.py.")


@sampling.command("verify")
def sampling_verify(cohort: Cohort, format_: FormatOption = Format.TEXT) -> None:
    """Derive every draw of a cohort again; exit code 4 if one does not follow.

    Twice, by different code: the service from its log, and this command from the
    export alone, as an outsider would.
    """
    with refusals(), connected(roles=("operations", "auditor")) as client:
        verdict = verified(client, cohort)
        show(verdict, format_)
        if not verdict["holds"]:
            raise typer.Exit(ExitCode.CHECK_FAILED)


def verified(client: Client, cohort: str) -> dict[str, Any]:
    """Return what both derivations of a cohort's draws found: `holds`, `findings`."""
    path = f"/moderation/cohorts/{part(cohort)}/draws/verification"
    verdict = streamed(client, "GET", path, "log")
    exported = _export(client, cohort)
    verdict["export"] = exported["sha256"]
    verdict["findings"] += _outside(exported)
    verdict["holds"] = not verdict["findings"]
    return verdict


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}."
        raise BadInputError(message) from None


def _export(client: Client, cohort: str) -> dict[str, Any]:
    path = f"/moderation/cohorts/{part(cohort)}/draws/export"
    return streamed(client, "GET", path, "export")


def _outside(exported: dict[str, Any]) -> list[str]:
    """Return what the check for outsiders finds first, if anything."""
    try:
        check(exported)
    except SystemExit as found:
        return [f"export: {found}"]
    return []
