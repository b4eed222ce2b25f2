"""``attest up``: everything on this machine, until Ctrl-C."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.client import ClientSettings, connected
from services.cli.output import errors, explain, refusals
from shared.embedded import StateDirectory
from shared.errors import ServiceError
from shared.logs import configure_logs

if TYPE_CHECKING:
    from services.cli.samples import NotSubmitted

DEFAULT_PORT = 8080
PATIENCE_SECONDS = 60.0
"""How long a request for a sample is repeated while nobody answers it."""


def up(
    directory: Annotated[
        Path, typer.Option("--directory", help="Where everything is kept")
    ] = Path(".attest"),
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one")] = DEFAULT_PORT,
    *,
    samples: Annotated[
        bool, typer.Option(help="Submit the sample portfolios if there is no case")
    ] = True,
) -> None:
    """Start attest with its own database, broker and mailbox, until Ctrl-C."""
    # Only those who start everything pay for importing every service.
    from services.cli.hosting import free_port, serve_together  # noqa: PLC0415
    from shared.web.serving import run  # noqa: PLC0415

    def welcome(url: str) -> None:
        if samples:
            introduce(url, directory / "samples")
        typer.echo(f"attest is ready: {url}")
        errors.print("Stop it with Ctrl-C. In another terminal: attest --help")

    configure_logs(level="ERROR")
    with refusals(), contextlib.suppress(KeyboardInterrupt):
        errors.print("Starting attest ...")
        # Who runs there already is told better than that its port is taken.
        is_held = StateDirectory.holder_of(directory) is not None
        where = port if is_held else free_port(port)
        run(serve_together(directory, where, when_ready=welcome))


def introduce(url: str, directory: Path) -> None:
    """Submit the samples; say what is not in, and serve all the same.

    A request that nobody answers is repeated.
    """
    from services.cli.samples import submit_samples  # noqa: PLC0415

    settings = ClientSettings(url=url, patience_seconds=PATIENCE_SECONDS)
    try:
        with connected(settings) as client:
            tell(submit_samples(client, directory))
    except ServiceError as error:
        errors.print(f"No sample was submitted: {error}", highlight=False)


def tell(left_out: "Sequence[NotSubmitted]") -> None:
    """Say which samples are missing, why, and how to submit them after all."""
    for each in left_out:
        errors.print(f"The sample {each.path.name} was not submitted:", highlight=False)
        explain(each.problem)
        errors.print(f"  Try it with: {each.remedy}", highlight=False, soft_wrap=True)
