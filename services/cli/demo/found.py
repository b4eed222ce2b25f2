"""What the report and the log tell of the reviewers of the large cohort.

Invariant: everything here is read over HTTP when the play is over; the play itself
only says which fault somebody has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.cli.demo.happened import Alarm, Log
from services.cli.demo.marking import JUDGES, Judge
from services.cli.demo.pacing import COHORT_PATH
from services.cli.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What is known of one reviewer in the end."""

    judge: Judge
    told: Mapping[str, Any]
    """Of the report: volumes, overturns and severity."""
    alarm: Alarm | None
    standings: tuple[str, ...]
    """In the cohort, in order; begins with what came after probation."""
    stands: str
    """By now."""
    remarked: int
    """Judgements that were settled after the pause ordered it."""
    waited: bool
    """Nothing of theirs was released before all of that was settled."""

    @property
    def is_paused(self) -> bool:
        """Whether moderation paused them."""
        return "paused" in self.standings


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the large cohort."""

    report: Mapping[str, Any]
    is_same_twice: bool
    reviewers: tuple[Reviewer, ...]
    releases: tuple[Mapping[str, Any], ...]
    """As the facts tell them, each with the statement of its risk."""
    first_waited_for_nobody: bool
    """All who were not paused were released before anything held was re-marked."""


def found_in(stage: Stage) -> Found:
    """Return what report and log tell of the large cohort."""
    first, second = (_reports(stage) for _ in range(2))
    report = stage.lead.get(f"{COHORT_PATH}/report")
    log = Log.of(stage)
    standings = stage.lead.get(f"{COHORT_PATH}/standings")["standings"]
    stands = {each["person_id"]: each["standing"] for each in standings}
    reviewers = tuple(
        _reviewer(judge, report, log, stands[judge.person_id]) for judge in JUDGES
    )
    return Found(
        report=report,
        is_same_twice=first == second,
        reviewers=reviewers,
        releases=tuple(log.releases),
        first_waited_for_nobody=_nobody_waited(reviewers, log),
    )


def _reports(stage: Stage) -> tuple[bytes, bytes]:
    path = f"{COHORT_PATH}/report"
    return (
        stage.lead.content(path, format="json"),
        stage.lead.content(path, format="csv"),
    )


def _reviewer(
    judge: Judge, report: Mapping[str, Any], log: Log, stands: str
) -> Reviewer:
    who = judge.person_id
    ordered, cases = log.ordered(who), log.cases(who)
    again = [
        log.settled[case]
        for case in cases
        if ordered is not None and log.settled.get(case, 0) > ordered
    ]
    released = [log.released.get(case, 0) for case in cases]
    changes = report["drift"]["charts"][who]["standings"]
    return Reviewer(
        judge=judge,
        told=report["reviewers"]["people"][who],
        alarm=log.alarm(who),
        standings=tuple(each["standing"] for each in changes),
        stands=stands,
        remarked=len(again),
        waited=min(released, default=0) > max(again, default=0),
    )


def _nobody_waited(reviewers: tuple[Reviewer, ...], log: Log) -> bool:
    def cases(*, is_paused: bool) -> list[str]:
        return [
            case
            for each in reviewers
            if each.is_paused == is_paused
            for case in log.cases(each.judge.person_id)
        ]

    last = max(
        (log.released.get(case, 0) for case in cases(is_paused=False)), default=0
    )
    held = [log.released.get(case, 0) for case in cases(is_paused=True)]
    return last > 0 and all(place > last for place in held)
