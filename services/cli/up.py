"""``attest up``: everything on this machine, until Ctrl-C."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer

from services.cli.client import ClientSettings, connected
from services.cli.output import errors, refusals
from shared.embedded import StateDirectory
from shared.logs import configure_logs

DEFAULT_PORT = 8080


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
    from services.cli.samples import submit_samples  # noqa: PLC0415

    def welcome(url: str) -> None:
        if samples:
            with connected(ClientSettings(url=url)) as client:
                submit_samples(client, directory / "samples")
        typer.echo(f"attest is ready: {url}")
        errors.print("Stop it with Ctrl-C. In another terminal: attest --help")

    configure_logs(level="ERROR")
    with refusals(), contextlib.suppress(KeyboardInterrupt):
        errors.print("Starting attest ...")
        # Who runs there already is told better than that its port is taken.
        is_held = StateDirectory.holder_of(directory) is not None
        where = port if is_held else free_port(port)
        asyncio.run(serve_together(directory, where, when_ready=welcome))
