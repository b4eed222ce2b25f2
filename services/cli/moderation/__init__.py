"""The group `attest moderation`: what plans find and cost, what a cohort shows."""

import typer

from services.cli.moderation.planning import plan
from services.cli.moderation.reporting import report
from services.cli.moderation.simulating import simulate

moderation = typer.Typer(
    help="What plans find, cost and would draw; what the moderation of a cohort shows.",
    no_args_is_help=True,
)
moderation.command()(simulate)
moderation.command()(plan)
moderation.command()(report)
