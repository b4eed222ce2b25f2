"""What follows from a decision: it waits for its release, or is told at once.

A fresh review after an appeal is a batch of its own, so it is clear as soon as it is
settled, and told with the decision.
"""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.decisions import Decision
from services.moderation.domain.detection import Observation
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import (
    FreshReviewWanted,
    JudgementModerated,
    OutcomeRevised,
)
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Reassessing,
    Settled,
    settled,
)
from shared.carrying import carry
from shared.vocabulary import CRITERIA, ModerationResult


def settle(state: Moderating, decision: Decision) -> tuple[CaseEvent, ...]:
    """Return the decision, and after an appeal the outcome that counts now.

    An appeal that waited for that has its own fresh review wanted.
    """
    if state.revises is None:
        return (decision,)
    done = Settled(state, decision)
    revised = _revised(done, state.revises)
    next_one = _wanted_next(revised, state.revises)
    return (decision, revised, moderation_result(done), *next_one)


def moderation_result(done: Settled) -> JudgementModerated:
    """Return what its reviewer may know of a settled judgement."""
    decision = done.decision
    return told(done.moderated.judged, decision.result, decision.occurred_at)


def told(
    judged: JudgedCase, result: ModerationResult, at: datetime
) -> JudgementModerated:
    """Return what its reviewer may know of a judgement that was moderated."""
    return carry(
        judged, JudgementModerated, result=result, settled_at=at, occurred_at=at
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How a judgement that was drawn differed from its moderation."""

    drawn: JudgedCase
    observation: Observation
    is_anothers: bool
    """Somebody else judged instead: it says nothing of who made what was drawn."""


def difference_of(before: Case, after: Case) -> Difference | None:
    """Return how the judgement that was drawn differed, when it has just been settled.

    By the first blind comparison; it is overturned when another outcome stands than
    the one it had when it was drawn, or, if it was taken back or set aside, than the
    one that came instead. None of a fresh review: it is no part of the sample.
    """
    done = settled(after)
    if done is None or settled(before) is not None or done.moderated.revises:
        return None
    last = done.moderated
    drawn = last.earlier[0] if last.earlier else last.judged
    final = last.first_final
    gaps = [final.levels[key] - last.blind[0].levels[key] for key in CRITERIA]
    seen = Observation(
        level_difference=sum(gaps),
        absolute_difference=sum(abs(gap) for gap in gaps),
        overturned=done.outcome != final.outcome,
    )
    return Difference(drawn, seen, final.reviewer_id != drawn.reviewer_id)


def _wanted_next(
    revised: OutcomeRevised, revises: Reassessing
) -> tuple[FreshReviewWanted, ...]:
    """Return the fresh review that an appeal has waited for; one for all that have."""
    if not revises.postponed:
        return ()
    panels = (who for each in revises.postponed for who in each.excluded)
    wanted = carry(
        revises.postponed[0],
        FreshReviewWanted,
        number=revises.wanted.number + 1,
        excluded=tuple(dict.fromkeys((*revised.took_part, *panels))),
        occurred_at=revised.occurred_at,
    )
    return (wanted,)


def _revised(done: Settled, revises: Reassessing) -> OutcomeRevised:
    last = revises.released.last
    return carry(
        last,
        OutcomeRevised,
        outcome=done.outcome,
        feedback=done.feedback,
        took_part=done.took_part,
        replaces=last.outcome,
        appeal_id=revises.wanted.appeal_id,
        because=revises.wanted.because,
        review_id=revises.review_id,
        occurred_at=done.decision.occurred_at,
    )
