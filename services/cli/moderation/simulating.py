"""`attest moderation simulate`: what plans find and cost, by simulated reviewers."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.output import Format, FormatOption, progress_bar, refusals

MOST_REVIEWERS = 20_000
MOST_PORTFOLIOS = 1_000


def simulate(
    policy: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Rules of a plan, YAML or JSON"),
    ] = None,
    programme: Annotated[
        str, typer.Option(help="Whose plan is tried where no file is given")
    ] = "ATS",
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same figures")
    ] = None,
    reviewers: Annotated[
        int,
        typer.Option(
            min=20, max=MOST_REVIEWERS, help="With each fault; five times as many good"
        ),
    ] = 4_000,
    portfolios: Annotated[
        int, typer.Option(min=1, max=MOST_PORTFOLIOS, help="Judged by each reviewer")
    ] = 100,
    lag: Annotated[
        int,
        typer.Option(
            min=0,
            max=MOST_PORTFOLIOS,
            help="How many more are judged before one is moderated",
        ),
    ] = 0,
    every: Annotated[
        bool, typer.Option("--every", help="Every plan of the comparison, not the main")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="With a tenth of the reviewers: roughly")
    ] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Try plans of moderation on simulated reviewers: what they find, what they cost.

    Beside the plan of a programme, or of a file, are moderating a tenth at random and
    two plans of the research. Nothing is read from an instance, and nothing written.
    """
    # Only here: numpy would slow every other command.
    from services.cli.moderation.simulated import Wanted, simulated  # noqa: PLC0415

    with refusals():
        wanted = Wanted(
            policy=policy,
            programme=programme,
            seed=seed,
            reviewers=reviewers // 10 if quick else reviewers,
            portfolios=portfolios,
            lag=lag,
            every=every,
        )
        with progress_bar("Simulating") as bar:
            report = simulated(wanted, bar)
        typer.echo(report.for_programs() if format_ is Format.JSON else report.text())
