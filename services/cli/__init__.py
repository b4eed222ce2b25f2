"""The `attest` command: one module per group of sub-commands, each a thin client."""

import typer

from services.cli.demo import demo
from services.cli.reading import case, cases, events, letters, parked
from services.cli.submitting import submit
from services.cli.up import up
from services.cli.upkeep import doctor, log, migrate, people, rebuild, serve

app = typer.Typer(
    help="Runs the assessment of a professional-status award.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (up, demo, serve, submit, cases, case, events, letters):
    app.command()(command)
for command in (migrate, rebuild, doctor):
    app.command()(command)
app.add_typer(people, name="people")
app.add_typer(log, name="log")
app.add_typer(parked, name="parked")


def main() -> None:
    """Run the command line."""
    app()
