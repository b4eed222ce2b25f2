"""The `attest` command: one module per group of sub-commands, each a thin client."""

from collections.abc import Callable

import typer

from services.cli.applying import apply
from services.cli.demo import demo
from services.cli.draws import sampling
from services.cli.moderation import moderation
from services.cli.reading import case, cases, events, letters, parked
from services.cli.stats import stats
from services.cli.submitting import submit
from services.cli.up import up
from services.cli.upkeep import (
    doctor,
    log,
    migrate,
    people,
    rebuild,
    serve,
    stand_ins,
    topics,
)

app = typer.Typer(
    help="Runs the assessment of a professional-status award.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    up, demo, serve, submit, apply, cases, case, events, letters, migrate, rebuild,
    doctor, topics, stand_ins,
)  # fmt: skip
for _command in _COMMANDS:
    app.command()(_command)
app.add_typer(people, name="people")
app.add_typer(log, name="log")
app.add_typer(moderation, name="moderation")
app.add_typer(parked, name="parked")
app.add_typer(sampling, name="sampling")
app.add_typer(stats, name="stats")


def main() -> None:
    """Run the command line."""
    app()
