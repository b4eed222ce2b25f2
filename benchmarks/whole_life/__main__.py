"""A cohort from the submission of its portfolios to its awards.

Everything goes through the HTTP interfaces, several requests at a time, in the order
of the calendar: all portfolios are handed in, the deadline passes, all are reviewed,
what is drawn is judged again, the outcomes are released together, everybody books a
viva, the day comes, and panels pass everybody, who gets the award. A phase ends when
everything that follows from it has been done too: letters, offers, awards.

The services run as separate processes, as an operator runs them; ``--together`` plays
the same with all of them in one.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from benchmarks.report import show
from benchmarks.started import attest_up
from benchmarks.whole_life.cohort import Cohort
from benchmarks.whole_life.phases import Life
from benchmarks.whole_life.players import Players, Requests, players
from benchmarks.whole_life.results import Results, note, rows
from benchmarks.whole_life.separate import STAND_INS, separately
from benchmarks.whole_life.usage import Watch
from services.submission.documents.samples import generate_portfolio
from shared.logs import configure_logs

DISTINCT_PORTFOLIOS = 20
"""Written before anything is measured; each is handed in by several people."""
ANYWHERE = "http://attest.invalid"
"""Where a client that finds each service by itself believes to be."""

SignIn: TypeAlias = Callable[[Requests], AbstractContextManager[Players]]


def measure(count: int, *, together: bool) -> Results:
    """Play the life of *count* cases, with all services *together* in one process."""
    distinct = range(min(count, DISTINCT_PORTFOLIOS))
    portfolios = [generate_portfolio(seed, template="workbook") for seed in distinct]
    requests = Requests()
    run = _together if together else _separately
    with (
        tempfile.TemporaryDirectory(prefix="attest-benchmark-") as directory,
        run(Path(directory)) as (watch, sign_in),
        sign_in(requests) as people,
    ):
        cohort = Cohort(people)
        cohort.open()
        life = Life(cohort, portfolios, count)
        before, asked_before = cohort.position(), requests.commands
        played = {
            "submission": life.submit,
            "review": life.review,
            "moderation": life.moderate,
            "viva": life.book,
            "award": life.award,
        }
        phases = tuple(watch.phase(name, count, act) for name, act in played.items())
        return Results(
            phases=phases,
            commands=requests.commands - asked_before,
            questions=requests.questions,
            facts=cohort.position() - before,
            letters=cohort.letters().total(),
            judged_again=life.judged_again,
            how="in one process" if together else "services as separate processes",
        )


@contextmanager
def _together(directory: Path) -> Iterator[tuple[Watch, SignIn]]:
    with attest_up(directory, "--no-samples") as running:
        yield Watch({"attest": running.pid}), partial(players, running.url)


@contextmanager
def _separately(directory: Path) -> Iterator[tuple[Watch, SignIn]]:
    with separately(directory) as apart:
        watch = Watch(apart.pids, others=frozenset({STAND_INS}))
        yield watch, partial(players, ANYWHERE, transport=apart.transport())


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    configure_logs(level="ERROR")
    results = measure(arguments.participants, together=arguments.together)
    show("Whole life", rows(results), as_json=arguments.json, note=note(results))


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(prog="whole_life", description=__doc__)
    options.add_argument("--participants", type=int, default=1_000)
    options.add_argument(
        "--together", action="store_true", help="all services in one process"
    )
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
