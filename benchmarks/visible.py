"""From the fact that a portfolio is submitted to the reviewer's queue.

Measured from ``recorded_at`` of the fact `submission.Submitted`, which the database
writes as it appends it, until a reviewer has the answer to ``GET /review/queue`` that
shows the case. In between: relay, embedded broker, consumer, the append of the
review's own fact, and the projector. Both times are of the same machine's clock.

The next is handed in when the receipt of the one before is with the mail server: what
is measured is one portfolio on a system at rest, and several at the same time.

The queue is asked again and again, so what is measured is too long by as much as one
round of asking; and asking takes time of the process that is being measured.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.late_cohort import LateCohort, Portfolio, late_cohort, portfolios
from benchmarks.report import Row, below, median, percentile, show
from benchmarks.started import attest_up
from shared.clock import utc_now

WARM_UP = 6
"""Handed in before anything is measured: the readers of documents start lazily."""
AT_A_TIME = 4
PAUSE_SECONDS = 0.005
"""Between an answer of the queue and the next question."""
PATIENCE_SECONDS = 60.0
SUBMITTED = "submission.Submitted"
P50_MS, P99_MS = 50, 250
"""Source: the speed and memory table."""


class NeverSeenError(RuntimeError):
    """A case did not come into the queue."""


@dataclass(slots=True)
class Watch:
    """When the reviewer first saw each case."""

    cohort: LateCohort
    seen_at: dict[str, datetime] = field(default_factory=dict)
    rounds_ms: list[float] = field(default_factory=list)
    """From one answer to the next: the most that a figure is too long by."""
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Ask for the end of the queue all the time until the block ends."""
        last = self._end_of_queue()
        self._stop.clear()
        with ThreadPoolExecutor(1) as one:
            asking = one.submit(self._ask, last)
            try:
                yield
            finally:
                self._stop.set()
                asking.result()

    def wait_for(self, case_id: str) -> None:
        """Return when *case_id* was seen.

        Raises:
            NeverSeenError: it does not come.
        """
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while case_id not in self.seen_at:
            if time.monotonic() > give_up_at or self._stop.is_set():
                raise NeverSeenError(case_id)
            time.sleep(PAUSE_SECONDS)

    def _end_of_queue(self) -> str | None:
        end = None
        while True:
            page = self.cohort.reviewer.get("/review/queue", after=end, limit=500)
            end = page["last"] or end
            if page["next"] is None:
                return end

    def _ask(self, after: str | None) -> None:
        try:
            answered = time.perf_counter()
            while not self._stop.is_set():
                page = self.cohort.reviewer.get("/review/queue", after=after)
                now, before, answered = utc_now(), answered, time.perf_counter()
                self.rounds_ms.append(1000 * (answered - before))
                for item in page["items"]:
                    self.seen_at.setdefault(item["case_id"], now)
                time.sleep(PAUSE_SECONDS)
        finally:
            self._stop.set()  # whoever waits shall not wait for nobody


@dataclass(slots=True)
class Results:
    """Milliseconds until visible, and between two answers of the queue."""

    one: list[float] = field(default_factory=list)
    several: list[float] = field(default_factory=list)
    rounds_ms: list[float] = field(default_factory=list)


def measure(count: int) -> Results:
    """Hand in *count* portfolios one by one, then *count* a few at the same time."""
    warm_up, first, second = _split(portfolios(WARM_UP + 2 * count), count)
    with (
        tempfile.TemporaryDirectory(prefix="attest-benchmark-") as directory,
        attest_up(Path(directory), "--no-samples") as running,
        late_cohort(running.url, (*warm_up, *first, *second)) as cohort,
    ):
        cohort.wait_until_in_queue([cohort.hand_in(each) for each in warm_up])
        watch, results = Watch(cohort), Results()
        one = _hand_in_all(watch, first, at_a_time=1)
        several = _hand_in_all(watch, second, at_a_time=AT_A_TIME)
        recorded = _recorded(cohort)
        results.one = [_ms(watch.seen_at[case] - recorded[case]) for case in one]
        results.several = [
            _ms(watch.seen_at[case] - recorded[case]) for case in several
        ]
        results.rounds_ms = watch.rounds_ms
        return results


def _split(
    everything: Sequence[Portfolio], count: int
) -> tuple[Sequence[Portfolio], Sequence[Portfolio], Sequence[Portfolio]]:
    middle = WARM_UP + count
    return everything[:WARM_UP], everything[WARM_UP:middle], everything[middle:]


def _hand_in_all(
    watch: Watch, items: Sequence[Portfolio], *, at_a_time: int
) -> list[str]:
    """Hand in *items*; the next few when nothing is left to do for those before."""
    cases: list[str] = []
    with ThreadPoolExecutor(at_a_time) as hands:
        for begin in range(0, len(items), at_a_time):
            with watch.looking():
                wave = items[begin : begin + at_a_time]
                handed_in = list(hands.map(watch.cohort.hand_in, wave))
                for case_id in handed_in:
                    watch.wait_for(case_id)
            watch.cohort.wait_for_receipts(handed_in)
            cases += handed_in
    return cases


def _recorded(cohort: LateCohort) -> dict[str, datetime]:
    """Return when each submission came into the log, by case."""
    events = cohort.office.pages(
        "/operations/events", category="case", type=SUBMITTED, limit=500
    )
    return {
        event["payload"]["case_id"]: datetime.fromisoformat(event["recorded_at"])
        for event in events
    }


def _ms(difference: timedelta) -> float:
    return 1000 * difference.total_seconds()


def rows(results: Results) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    what = "portfolio submitted until in the review queue"
    several = results.several
    return (
        below(f"{what}, p50", median(results.one), P50_MS, "ms"),
        below(f"{what}, p99", percentile(results.one, 0.99), P99_MS, "ms"),
        Row(
            f"the same, {AT_A_TIME} at a time",
            f"p50 {median(several):.1f} ms, p99 {percentile(several, 0.99):.1f} ms",
        ),
    )


def note(results: Results) -> str:
    """Return what to know when reading the rows."""
    return (
        f"{len(results.one)} portfolios, each on a system at rest, then"
        f" {len(results.several)}, {AT_A_TIME} at a time; all handed in after their"
        " cohort's deadline on an extension; embedded broker. From recorded_at of the"
        " fact to the answer of the queue that shows it. The queue"
        f" is asked every {median(results.rounds_ms):.1f} ms (middle; p99"
        f" {percentile(results.rounds_ms, 0.99):.1f} ms): figures are too long by at"
        " most that."
    )


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    results = measure(arguments.portfolios)
    show(
        "Visible to the reviewer",
        rows(results),
        as_json=arguments.json,
        note=note(results),
    )


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--portfolios", type=int, default=200)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
