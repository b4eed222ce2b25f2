"""How facts add up to the assessment of a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.review.domain.assessment.events import (
    AdviceNoted,
    AssessmentEvent,
    ConflictOverridden,
    FreshReviewNoted,
    HoldEndNoted,
    HoldNoted,
    JudgeNoted,
    LaterOpeningNoted,
    ReleaseNoted,
    ReviewListed,
    WithdrawalNoted,
)
from services.review.domain.naming import attempt_of, review_id_of
from shared.holds import Holds


@dataclass(frozen=True, slots=True)
class Assessment:
    """The reviews of a case, and what holds for all of them."""

    reviews: Mapping[str, int] = field(default_factory=dict)
    """Attempt, by review id."""
    openings: Mapping[int, datetime] = field(default_factory=dict)
    """Latest opening that was announced, by attempt."""
    withdrawn_at: datetime | None = None
    wanted: Mapping[tuple[int, int], FreshReviewNoted] = field(default_factory=dict)
    """By attempt and number of a fresh review."""
    judges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who has judged, by review id."""
    holds: Holds = field(default_factory=Holds)
    """When the office stopped the clocks."""
    released: frozenset[str] = frozenset()
    """Reviews whose outcome is released."""
    advice: Mapping[int, AdviceNoted] = field(default_factory=dict)
    """What the participant was told, by attempt."""
    overridden: Mapping[tuple[str, str], ConflictOverridden] = field(
        default_factory=dict
    )
    """By reviewer and review who may judge despite a conflict they declared."""
    stated_organisation_id: str | None = None
    """For whom the participant works now; from their own stream, see `employed`. None:
    they have stated nobody since they came."""

    @property
    def is_held(self) -> bool:
        """True while the clocks of the case stand still."""
        return self.holds.is_open

    def employed(self, organisation_id: str | None) -> "Assessment":
        """Return the same, knowing for whom the participant works now."""
        return replace(self, stated_organisation_id=organisation_id)

    def may_judge_despite_conflict(self, reviewer_id: str, review_id: str) -> bool:
        """Tell whether the lead lets this reviewer judge despite a conflict."""
        return (reviewer_id, review_id) in self.overridden

    def wanted_last(self, attempt: int) -> str | None:
        """Return the fresh review that was wanted last of this attempt, if any was."""
        found = [each for each in self.wanted.values() if each.attempt == attempt]
        last = max(found, key=lambda each: each.number, default=None)
        if last is None:
            return None
        return review_id_of(last.case_id, last.attempt, last.number)

    def judged_at(self, reviewer_id: str, *, but: str) -> frozenset[int]:
        """Return the attempts that this reviewer judged, in any review but this one."""
        return frozenset(
            attempt_of(each)
            for each, judges in self.judges.items()
            if reviewer_id in judges and each != but
        )


INITIAL = Assessment()


def evolve(state: Assessment, event: AssessmentEvent) -> Assessment:
    """Return *state* as it is after *event*."""
    match event:
        case ReviewListed(review_id=review_id, attempt=attempt):
            return replace(state, reviews={**state.reviews, review_id: attempt})
        case LaterOpeningNoted(attempt=attempt, review_opens_at=opens_at):
            return replace(state, openings={**state.openings, attempt: opens_at})
        case WithdrawalNoted(withdrawn_at=withdrawn_at):
            return replace(state, withdrawn_at=withdrawn_at)
        case FreshReviewNoted(attempt=attempt, number=number):
            wanted = {**state.wanted, (attempt, number): event}
            return replace(state, wanted=wanted)
        case JudgeNoted() | ReleaseNoted() | AdviceNoted():
            return _ended(state, event)
        case HoldNoted() | HoldEndNoted() | ConflictOverridden():
            return _ruled(state, event)
        case _:
            assert_never(event)


def _ruled(
    state: Assessment, event: HoldNoted | HoldEndNoted | ConflictOverridden
) -> Assessment:
    if isinstance(event, ConflictOverridden):
        named = (event.reviewer_id, event.review_id)
        return replace(state, overridden={**state.overridden, named: event})
    return replace(state, holds=_held(state.holds, event))


def _ended(
    state: Assessment, event: JudgeNoted | ReleaseNoted | AdviceNoted
) -> Assessment:
    if isinstance(event, AdviceNoted):
        return replace(state, advice={**state.advice, event.attempt: event})
    if isinstance(event, ReleaseNoted):
        return replace(state, released=state.released | {event.review_id})
    judges = state.judges.get(event.review_id, frozenset()) | {event.reviewer_id}
    return replace(state, judges={**state.judges, event.review_id: judges})


def _held(holds: Holds, event: HoldNoted | HoldEndNoted) -> Holds:
    if isinstance(event, HoldNoted):
        return holds.placed(event.hold_id, event.placed_at)
    return holds.lifted(event.hold_id, event.lifted_at)
