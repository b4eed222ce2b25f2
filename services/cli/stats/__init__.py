"""`attest stats`: statistics of a file, for people who check numbers elsewhere.

What computes is loaded by the command that needs it: the command line starts without.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.output import refusals

stats = typer.Typer(help="Compute statistics of a file.", no_args_is_help=True)

_STANDARD_INPUT = "-"

_AGREEMENT = """Print how far raters agree, as JSON.

FILE holds one of three forms; "scale" is always the full scale, ascending:

\b
{"scale": [1, 2, 3, 4], "pairs": [[3, 3], [2, 3], [4, 4]]}
{"scale": [1, 2], "table": [[40, 9], [6, 45]]}
{"scale": [1, 2, 3], "ratings": [[1, 1, null], [2, 3, 2]]}

A pair is the mark of the first rater, then of the second; a table has the first rater \
in rows; ratings have one row for each unit, one column for each rater, null where a \
mark is missing.

Pairs drawn with unequal chances take "weights": the probability, over 0 and up to 1, \
with which each was drawn; everything is then weighted by its inverse.

Each statistic has a value, a standard error and an interval of 95 %; what cannot be \
estimated is null, with the reason. Intervals from draws are the same every time: the \
seed is in the answer.

\b
Example:
  echo '{"scale": [1, 2], "table": [[40, 9], [6, 45]]}' | attest stats agreement -
"""


@stats.callback()
def _group() -> None:
    """Keep the sub-command's name also while there is only one."""


@stats.command(help=_AGREEMENT)
def agreement(
    file: Annotated[
        str, typer.Argument(help="A JSON file, or - for standard input", metavar="FILE")
    ],
    population: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Size of the finite cohort the units were drawn from, with equal "
            "chances: standard errors are then smaller, and so are intervals of "
            "ratings; those of pairs and tables stay as wide as for an endless cohort",
        ),
    ] = None,
) -> None:
    """Print how far raters agree."""
    from services.cli.stats.agreeing import agreement_of  # noqa: PLC0415 - loads numpy
    from services.cli.stats.rated import read_rated  # noqa: PLC0415 - as above

    with refusals():
        rated = read_rated(_content(file), population=population)
        found = agreement_of(rated)
    typer.echo(json.dumps(found, indent=2, allow_nan=False))


def _content(file: str) -> bytes:
    """Return the bytes of *file*.

    Raises:
        UnreadableFileError: there is no such file, or it cannot be read.
    """
    from services.cli.stats.rated import UnreadableFileError  # noqa: PLC0415 - as above

    try:
        if file == _STANDARD_INPUT:
            return sys.stdin.buffer.read()
        return Path(file).read_bytes()
    except OSError as error:
        raise UnreadableFileError(file=file, why=error.strerror) from error
