"""The second attempt beside the first, for whoever judges the second.

Invariant: of the first judgement only the required modifications are shown, as the
participant was told them; its levels and comments only where the policy lets them be.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.review.domain.assessment.decide import assessment
from services.review.domain.changes import (
    Change,
    FileChange,
    Portfolio,
    SectionChange,
    file_changes,
    section_changes,
)
from services.review.domain.decide import review
from services.review.domain.events import Requested
from services.review.domain.naming import review_id_of
from services.review.domain.situations import NotRequested
from services.review.handlers.holding import assessment_stream, stream
from services.review.handlers.opening import Opening
from shared.contracts.feedback import Feedback
from shared.contracts.programme import ReviewPolicy
from shared.errors import NotFoundError
from shared.evidence import Snapshot
from shared.handling import Handling
from shared.programmes import programme_of
from shared.vocabulary import CRITERIA, MET_LEVEL, CriterionKey, Level

FIRST = 1


class FirstAttemptError(NotFoundError):
    """This is a first attempt: there is nothing to compare it with."""


class WantedChange(BaseModel):
    """What had to change, and whether its section did."""

    criterion: CriterionKey
    section: str
    standard: str
    text: str
    section_change: Change | Literal["missing"]
    """"missing": neither attempt has the section."""


class Comparison(BaseModel):
    """What changed since the first attempt, and what had to."""

    review_id: str
    first_submitted_at: datetime
    sections: tuple[SectionChange, ...]
    evidence: tuple[FileChange, ...]
    modifications: tuple[WantedChange, ...] | None
    """As the participant was told them; None where that was not heard of."""
    first_levels: dict[CriterionKey, Level] | None = None
    """None where the policy hides the first marks."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """Compares what a claim gives a part in with what came before."""

    handling: Handling
    opening: Opening

    async def changes(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> Comparison:
        """Return what changed since the first attempt.

        Raises:
            FirstAttemptError: there is none before it.
            NotHeldError: this reviewer does not hold the review now.
            PortfolioErasedError: the participant was erased.
        """
        about = await self.opening.held_request(review_id, reviewer_id, at)
        first = await self._first(about)
        before = _portfolio(await self.opening.snapshot(first, reviewer_id))
        after = _portfolio(await self.opening.snapshot(about, reviewer_id))
        sections = section_changes(before, after)
        told = await self._told(about)
        return Comparison(
            review_id=review_id,
            first_submitted_at=first.submitted_at,
            sections=sections,
            evidence=file_changes(before, after),
            modifications=None if told is None else required_changes(told, sections),
            first_levels=first_levels(told, programme_of(about).policy.review),
        )

    async def _first(self, about: Requested) -> Requested:
        """Return what the first attempt was about; its reviews are of one portfolio."""
        name = stream(review_id_of(about.case_id, FIRST))
        _, state = await self.handling.fold(review, name)
        if about.attempt == FIRST or isinstance(state, NotRequested):
            raise FirstAttemptError(review_id=about.review_id)
        return state.requested

    async def _told(self, about: Requested) -> Feedback | None:
        """Return what the participant was told about the first attempt."""
        case_stream = assessment_stream(about.case_id)
        _, known = await self.handling.fold(assessment, case_stream)
        advice = known.advice.get(FIRST)
        if advice is None:
            return None
        return Feedback.from_text(await self.opening.advice(advice.feedback))


def _portfolio(snapshot: Snapshot) -> Portfolio:
    return Portfolio(snapshot.sections, snapshot.evidence)


def required_changes(
    told: Feedback, sections: tuple[SectionChange, ...]
) -> tuple[WantedChange, ...]:
    """Return what had to change: on a criterion that was met, it was a suggestion."""
    changes = {each.key: each.change for each in sections}
    return tuple(
        WantedChange(
            criterion=key,
            section=each.section,
            standard=each.standard,
            text=each.text,
            section_change=changes.get(each.section, "missing"),
        )
        for key in CRITERIA
        if told.criteria[key].level < MET_LEVEL
        for each in told.criteria[key].modifications
    )


def first_levels(
    told: Feedback | None, policy: ReviewPolicy
) -> dict[CriterionKey, Level] | None:
    """Return the first marks where the policy lets them be seen."""
    is_shown = policy.second_attempt_sees_first_marks.value
    return told.levels() if told is not None and is_shown else None
