"""The group `attest moderation`: what plans of moderation find, cost and would draw."""

import typer

from services.cli.moderation.planning import plan
from services.cli.moderation.simulating import simulate

moderation = typer.Typer(
    help="Plans of moderation: what they find, what they cost, what they would draw.",
    no_args_is_help=True,
)
moderation.command()(simulate)
moderation.command()(plan)
