"""Commands that only look: cases, one case, events, letters, parked lanes."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import typer

from services.cli.client import Client, connected
from services.cli.output import Format, FormatOption, refusals, show_rows
from services.cli.paths import part

POLL_SECONDS = 1.0

Limit = Annotated[int, typer.Option(min=1, help="At most so many rows")]


def cases(
    cohort: Annotated[str | None, typer.Option(help="Only this cohort")] = None,
    state: Annotated[str | None, typer.Option(help="Only in this state")] = None,
    limit: Limit = 100,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List cases and their state."""
    with refusals(), connected() as client:
        rows = client.pages("/submission/cases", cohort=cohort, state=state)
        show_rows(
            islice(rows, limit),
            ("case_id", "cohort_id", "template", "state"),
            format_,
        )


def case(
    case_id: Annotated[str, typer.Argument(help="Id of the case")],
    as_of: Annotated[
        int | None, typer.Option(help="As the log stood at this position")
    ] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Show the timeline of one case: every fact, in the order it happened."""
    with refusals(), connected() as client:
        rows = client.pages(f"/operations/cases/{part(case_id)}/timeline", as_of=as_of)
        show_rows(rows, ("position", "occurred_at", "what", "actor"), format_)


def events(
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Keep printing new events")
    ] = False,
    category: Annotated[str | None, typer.Option(help="Streams that begin so")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="For example review.Claimed")
    ] = None,
    limit: Limit = 1000,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List the event log; personal fields stay sealed."""
    columns = ("position", "occurred_at", "version", "type", "stream")
    with refusals(), connected() as client:
        query = {"category": category, "type": type_}
        rows = (
            _followed(client, query)
            if follow
            else client.pages("/operations/events", **query)
        )
        if not follow:
            show_rows(islice(rows, limit), columns, format_)
            return
        for row in rows:
            if format_ is Format.JSON:
                show_rows([row], columns, format_)
            else:
                typer.echo("  ".join(str(row[column]) for column in columns))


def _followed(client: Client, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield matching events for ever, asking again every second at the end."""
    after: str | None = None
    while True:
        page = client.get("/operations/events", after=after, limit=500, **query)
        yield from page["items"]
        after = page["next"] or page["last"] or after
        if page["next"] is None:
            time.sleep(POLL_SECONDS)


def letters(
    state: Annotated[str | None, typer.Option(help="For example HandedOver")] = None,
    limit: Limit = 100,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List letters and what became of them; never whom they went to."""
    with refusals(), connected() as client:
        rows = client.pages("/notification/notices", state=state)
        show_rows(
            islice(rows, limit),
            ("notice_id", "case_id", "template", "state", "tries"),
            format_,
        )


parked = typer.Typer(help="Messages that could not be handled.", no_args_is_help=True)


@parked.command("list")
def parked_list(limit: Limit = 100, format_: FormatOption = Format.TEXT) -> None:
    """List parked lanes: who waits for what, since when, and why."""
    with refusals(), connected() as client:
        show_rows(
            islice(client.pages("/operations/parked"), limit),
            (
                "lane_id",
                "consumer",
                "key",
                "status",
                "waiting",
                "parked_at",
                "type",
                "problem",
                "error",
            ),
            format_,
        )


Lane = Annotated[str, typer.Argument(help="Id of the lane, from `parked list`")]
Reason = Annotated[str, typer.Option(help="Why; kept as a fact")]


@parked.command("release")
def parked_release(lane_id: Lane, reason: Reason) -> None:
    """Handle a parked lane again, in order; what fails again is parked again."""
    with refusals(), connected() as client:
        client.post(f"/operations/parked/{part(lane_id)}/release", {"reason": reason})
        typer.echo(f"Lane {lane_id} will be handled again.")


@parked.command("discard")
def parked_discard(lane_id: Lane, reason: Reason) -> None:
    """Give up the first message of a lane; what is behind it waits for a release."""
    with refusals(), connected() as client:
        client.post(f"/operations/parked/{part(lane_id)}/discard", {"reason": reason})
        typer.echo(
            f"The first message of lane {lane_id} is given up for good. If others wait "
            f"behind it, handle them with: attest parked release {lane_id}"
        )
