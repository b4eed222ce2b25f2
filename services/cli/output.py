"""What the command line prints: tables for people, JSON for programs.

Results go to standard output; progress and errors to standard error.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum, StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from services.cli.client import NotRunningError, RefusedError
from shared.errors import ServiceError

Row = Mapping[str, Any]

_MOMENT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.?\d*Z$")
"""A UTC time as JSON has it; people are shown it to the second."""


class ExitCode(IntEnum):
    """What the exit code tells; 2 is the shell's own code for wrong usage."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    NOT_RUNNING = 3
    CHECK_FAILED = 4


class Format(StrEnum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="text for people, json for programs")
]

errors = Console(stderr=True)


def show_rows(rows: Iterable[Row], columns: Sequence[str], format_: Format) -> None:
    """Print *rows*, as a table of *columns* or as one JSON object a line."""
    if format_ is Format.JSON:
        for row in rows:
            typer.echo(json.dumps(row, default=str))
        return
    table = Table(box=None, pad_edge=False)
    for column in columns:
        is_last = column == columns[-1]
        heading = column.replace("_", " ")
        table.add_column(heading, no_wrap=not is_last, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    Console().print(table)


def show(row: Row, format_: Format) -> None:
    """Print one object."""
    if format_ is Format.JSON:
        typer.echo(json.dumps(row, default=str))
        return
    width = max((len(name) for name in row), default=0)
    for name, value in row.items():
        typer.echo(f"{name.replace('_', ' '):<{width}}  {_cell(value)}")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return _MOMENT.sub(r"\1 \2", str(value))


@contextmanager
def refusals() -> Iterator[None]:
    """Turn anticipated errors into a message on standard error and an exit code."""
    try:
        yield
    except NotRunningError as error:
        errors.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(ExitCode.NOT_RUNNING) from error
    except RefusedError as error:
        explain(error.problem)
        raise typer.Exit(ExitCode.REFUSED) from error
    except ServiceError as error:
        explain({"title": str(error), "context": error.context})
        raise typer.Exit(ExitCode.REFUSED) from error


def explain(problem: Mapping[str, Any]) -> None:
    """Print a problem document on standard error: what, where, and what to do."""
    errors.print(f"[red]{problem.get('title', 'Refused.')}[/red]", highlight=False)
    for field in problem.get("fields", ()):
        line = f"  {field['field']}: {field['problem']}"
        errors.print(line, highlight=False, markup=False)
    for name, value in dict(problem.get("context") or {}).items():
        for line in value if isinstance(value, list) else [value]:
            told = f"  {_label(name)}: {_line(line)}"
            errors.print(told, highlight=False, markup=False)


def _label(name: str) -> str:
    """Return *name* in words; the name of a variable stays as it is."""
    return name if name.isupper() else name.replace("_", " ")


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {part}" for name, part in value.items())
    return str(value)


@contextmanager
def progress_bar(label: str) -> Iterator["Bar"]:
    """Show a progress bar on standard error while the block runs."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    ) as progress:
        yield Bar(progress, label)


class Bar:
    """One line of progress."""

    def __init__(self, progress: Progress, label: str) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=None)

    def __call__(self, done: int, total: int) -> None:
        """Show that *done* of *total* are done."""
        self._progress.update(self._task, completed=done, total=total)
