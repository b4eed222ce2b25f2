"""The report of a cohort of 10,000 judgements, with every draw behind its intervals.

From stored events to bytes, as the process does it that the service starts for it:
decoding, folding, 20,000 draws behind the intervals of each coefficient, JSON. Reading
the events and starting the process are left out.
"""

import argparse
import time
from collections.abc import Sequence

from benchmarks.report import Row, below, median, show
from services.moderation.handlers.reports import computed
from shared.decider import Fact
from shared.eventlog import StoredFact
from tests.support.moderated import Cohort
from tests.unit.moderation.examples import COHORT

REVIEWERS = 40
LIMIT_SECONDS = 10.0


def stored(judgements: int) -> list[StoredFact]:
    """Return the events of a made-up cohort of *judgements*, as the log has them."""
    cohort = Cohort(reviewers=REVIEWERS, each=judgements // REVIEWERS)
    return [
        StoredFact(position, stream, type_of(fact), 1, fact.model_dump_json().encode())
        for position, (stream, fact) in enumerate(cohort.facts(), 1)
    ]


def type_of(fact: Fact) -> str:
    """Return the name under which the log keeps facts of this kind."""
    return str(type(fact).model_fields["type"].default)


def measure(
    events: Sequence[StoredFact], rounds: int
) -> tuple[list[float], list[float]]:
    """Return seconds by the clock, then by the processor, of each round."""
    by_clock: list[float] = []
    of_processor: list[float] = []
    reports = set()
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        reports.add(
            computed(events, cohort_id=COHORT, log_head="benchmark", format_="json")
        )
        by_clock.append(time.perf_counter() - began)
        of_processor.append(time.process_time() - used)
    assert len(reports) == 1, "the same events gave different bytes"
    return by_clock, of_processor


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    events = stored(arguments.judgements)
    by_clock, of_processor = measure(events, arguments.rounds)
    what = f"report of a cohort, {arguments.judgements:,} judgements, with its draws"
    rows = (
        below(what, median(by_clock), LIMIT_SECONDS, "s"),
        Row("the same, by the processor time", f"{median(of_processor):.2f} s"),
    )
    note = f"{len(events):,} events of {REVIEWERS} reviewers, the same bytes each time."
    show("Reporting", rows, as_json=arguments.json, note=note)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--judgements", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
