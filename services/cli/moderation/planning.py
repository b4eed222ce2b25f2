"""`attest moderation plan`: what another plan would have drawn of the same log."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.client import connected
from services.cli.output import Format, FormatOption, refusals


def plan(
    cohort: Annotated[str, typer.Option(help="Whose judgements are taken")],
    what_if: Annotated[
        Path,
        typer.Option(
            "--what-if", exists=True, dir_okay=False, help="Other rules, YAML or JSON"
        ),
    ],
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show what a plan with other rules would have drawn in a cohort; writes nothing.

    Once the key is public, by the tickets that were drawn; before, expected numbers.
    """
    # Only here: other commands start without the domain of moderation.
    from services.cli.moderation.compared import compared, logged  # noqa: PLC0415
    from services.cli.moderation.plan_file import read_rules  # noqa: PLC0415

    with refusals():
        rules = read_rules(what_if)
        with connected() as client:
            comparison = compared(logged(client, cohort), rules)
        is_json = format_ is Format.JSON
        typer.echo(comparison.for_programs() if is_json else comparison.text())
