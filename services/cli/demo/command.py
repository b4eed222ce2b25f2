"""The command itself: start from nothing, or use what runs elsewhere."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import ClientSettings
from services.cli.demo import cast
from services.cli.output import (
    ExitCode,
    Format,
    FormatOption,
    refusals,
    show_rows,
)
from shared.logs import configure_logs

if TYPE_CHECKING:
    from services.cli.demo.found import Found


def demo(
    url: Annotated[
        str | None,
        typer.Option(
            help="Play against this instance, whose log was created for demonstration"
            " and which has a development issuer; default: a fresh one"
        ),
    ] = None,
    participants: Annotated[
        int, typer.Option(min=cast.FEWEST, max=cast.MOST, help="How many submit")
    ] = cast.PARTICIPANTS,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Play a cohort from nothing, then check that nothing was lost or doubled."""
    from shared.web.serving import run  # noqa: PLC0415 - only who serves needs it

    configure_logs(level="ERROR")
    started = time.monotonic()
    with refusals():
        ended = _against(url, participants) if url else run(_from_nothing(participants))
        _tell(ended, format_, time.monotonic() - started)
        if not all(finding["holds"] for finding in ended.findings):
            raise typer.Exit(ExitCode.CHECK_FAILED)


@dataclass(frozen=True, slots=True)
class _Ended:
    """What there is to tell when the play is over."""

    findings: list[dict[str, Any]]
    found: "Found | None"
    """What became of the large cohort, if it was played."""


def _tell(ended: _Ended, format_: Format, seconds: float) -> None:
    from services.cli.demo.report import (  # noqa: PLC0415 - as in `_against`
        tell_end,
        tell_findings,
        tell_found,
    )

    if format_ is Format.JSON:
        show_rows(ended.findings, ("check", "holds", "found"), format_)
    else:
        if ended.found:
            tell_found(ended.found)
        tell_findings(ended.findings)
    tell_end(ended.findings, seconds)


def _against(url: str, participants: int) -> _Ended:
    # Only those who play pay for importing everything that is played with.
    from services.cli.demo.checks import check_everything  # noqa: PLC0415
    from services.cli.demo.found import found_in  # noqa: PLC0415
    from services.cli.demo.play import play  # noqa: PLC0415
    from services.cli.demo.report import tell_act, tell_beginning  # noqa: PLC0415
    from services.cli.demo.stage import Stage  # noqa: PLC0415

    # One token would make one person of everybody who plays.
    settings = ClientSettings(url=url, token=None)
    stage = Stage(settings, participants=participants)
    try:
        stage.refuse_a_real_log()
        tell_beginning(is_whole=stage.is_whole)
        play(stage, tell_act)
        found = found_in(stage) if stage.bench else None
        return _Ended(list(check_everything(stage, found)), found)
    finally:
        stage.close()


async def _from_nothing(participants: int) -> _Ended:
    from services.cli.hosting import free_port, serve_together  # noqa: PLC0415

    ended: list[_Ended] = []
    with tempfile.TemporaryDirectory(prefix="attest-demo-") as directory:

        def act(url: str) -> None:
            ended.append(_against(url, participants))

        await serve_together(
            Path(directory) / "state", free_port(0), when_ready=act, then_stop=True
        )
    return ended[0]
