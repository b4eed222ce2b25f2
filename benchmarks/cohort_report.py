"""Drawing a cohort of 10,000 judgements, and its report.

Drawing: each judgement is decided on what came before and folded in as it arrives, with
its probability and its ticket. The report: from stored events to bytes, as the process
does it that the service starts for it: decoding, folding, 20,000 draws behind the
intervals of each coefficient, JSON. Reading and appending events and starting the
process are left out.
"""

import argparse
import time
from collections.abc import Sequence

from benchmarks.report import Row, below, median, show
from services.moderation.domain.draw.commands import ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import JudgementReceived
from services.moderation.domain.draw.evolve import Draws
from services.moderation.domain.judgement import JudgedCase
from services.moderation.handlers.reports import computed
from shared.decider import Fact
from shared.eventlog import StoredFact
from tests.support.moderated import Cohort
from tests.unit.moderation.examples import COHORT, NOW, SAMPLER

REVIEWERS = 40
LIMIT_SECONDS = 10.0


def stored(judgements: int) -> list[StoredFact]:
    """Return the events of a made-up cohort of *judgements*, as the log has them."""
    cohort = Cohort(reviewers=REVIEWERS, each=judgements // REVIEWERS)
    return [
        StoredFact(
            position, stream, type_of(type(fact)), 1, fact.model_dump_json().encode()
        )
        for position, (stream, fact) in enumerate(cohort.facts(), 1)
    ]


def type_of(kind: type[Fact]) -> str:
    """Return the name under which the log keeps facts of this kind."""
    return str(kind.model_fields["type"].default)


def drawn(judgements: Sequence[JudgedCase]) -> float:
    """Return the seconds it takes to draw *judgements* as they arrive."""
    by_reviewer: dict[str, Draws] = {}
    began = time.perf_counter()
    for judged in judgements:
        draws = by_reviewer.get(judged.reviewer_id, draw.initial)
        received = ReceiveJudgement(judged=judged, sampler=SAMPLER, at=NOW)
        by_reviewer[judged.reviewer_id] = draw.fold(draw.decide(received, draws), draws)
    seconds = time.perf_counter() - began
    waiting = [each for draws in by_reviewer.values() for each in draws.waiting]
    assert not waiting, "not every judgement was drawn"
    return seconds


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
    judgements = [
        JudgementReceived.model_validate_json(event.payload).judged
        for event in events
        if event.type == type_of(JudgementReceived)
    ]
    drawing = [drawn(judgements) for _ in range(arguments.rounds)]
    by_clock, of_processor = measure(events, arguments.rounds)
    both = median(map(sum, zip(drawing, by_clock, strict=True)))
    what = f"a cohort of {arguments.judgements:,} judgements"
    rows = (
        below(f"{what}: drawn and reported", both, LIMIT_SECONDS, "s"),
        Row(f"{what}: drawn as they arrive", f"{median(drawing):.2f} s"),
        Row(f"{what}: reported", f"{median(by_clock):.2f} s"),
        Row("the report, by the processor time", f"{median(of_processor):.2f} s"),
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
