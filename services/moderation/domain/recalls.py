"""What is known of judgements that their reviewers take back, and make again.

Invariant: of the judgements of one review the one with the largest token stands, and it
is open for as long as a recall of it is the last that was heard; so the order in which
messages come does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.moderation.domain.judgement import JudgedCase
from shared.decider import Fact
from shared.vocabulary import Attempt, CaseId, PersonId

WhyRecalled: TypeAlias = Literal["recalled", "conflict"]


def _is_plain(because: WhyRecalled) -> bool:
    return because == "recalled"


class JudgementRecalled(Fact):
    """The reviewer took their judgement back: nothing of the case goes on meanwhile."""

    type: Literal["moderation.JudgementRecalled"] = "moderation.JudgementRecalled"
    case_id: CaseId
    attempt: Attempt
    review_id: str
    reviewer_id: PersonId
    token: int
    """Of the judgement, as review told it."""
    due_at: AwareDatetime
    """When it is to be judged again."""
    because: WhyRecalled = Field(default="recalled", exclude_if=_is_plain)
    """Its reviewer took it back, or it was set aside for a conflict of theirs."""


class JudgementRenewed(Fact):
    """A judgement came instead of one that was taken back; it is no part of a draw."""

    type: Literal["moderation.JudgementRenewed"] = "moderation.JudgementRenewed"
    judged: JudgedCase
    recallable_until: AwareDatetime


class TakeEnded(Fact):
    """The moderator lost the case: the judgement was taken back, or they are paused."""

    type: Literal["moderation.TakeEnded"] = "moderation.TakeEnded"
    moderator_id: PersonId
    token: UUID
    because: Literal["recalled", "paused"] = "recalled"


class RecallSetAside(Fact):
    """A recall was heard of when the outcome was told: the judgement stands."""

    type: Literal["moderation.RecallSetAside"] = "moderation.RecallSetAside"
    case_id: CaseId
    attempt: Attempt
    review_id: str
    reviewer_id: PersonId
    token: int


RecallEvent: TypeAlias = (
    JudgementRecalled | JudgementRenewed | TakeEnded | RecallSetAside
)


@dataclass(frozen=True, slots=True)
class Recalls:
    """What was taken back in one round of a case, and what came instead."""

    taken_back: Mapping[str, JudgementRecalled] = field(default_factory=dict)
    """The last recall, by review id."""
    renewed: Mapping[str, JudgementRenewed] = field(default_factory=dict)
    """The last judgement that followed a recall, by review id."""
    tokens: frozenset[tuple[str, int]] = frozenset()
    """Review and token of every judgement that was taken back."""
    reviewers: tuple[str, ...] = ()
    """Whose judgements they were."""
    conflicts: frozenset[str] = frozenset()
    """Reviews of which a judgement was set aside for a conflict of its reviewer."""

    def standing(self, judged: JudgedCase) -> JudgedCase:
        """Return the judgement that stands of the review that *judged* is of."""
        later = self.renewed.get(judged.review_id)
        is_later = later is not None and later.judged.token > judged.token
        return later.judged if later is not None and is_later else judged

    def open_recall(self, judged: JudgedCase) -> JudgementRecalled | None:
        """Return the recall that nothing has come after; None when there is none."""
        recall = self.taken_back.get(judged.review_id)
        is_open = recall is not None and recall.token >= self.standing(judged).token
        return recall if is_open else None

    def last_token(self, review_id: str) -> int | None:
        """Return which judgement of a review was taken back last; None for none."""
        recall = self.taken_back.get(review_id)
        return None if recall is None else recall.token

    def is_set_aside(self, review_id: str) -> bool:
        """Tell whether a judgement of this review was set aside for a conflict."""
        return review_id in self.conflicts

    def knows(self, event: JudgementRecalled | JudgementRenewed) -> bool:
        """Tell whether this, or something later of the same review, was heard of."""
        if isinstance(event, JudgementRecalled):
            recall = self.taken_back.get(event.review_id)
            return recall is not None and recall.token >= event.token
        later = self.renewed.get(event.judged.review_id)
        return later is not None and later.judged.token >= event.judged.token

    def after(self, event: JudgementRecalled | JudgementRenewed) -> "Recalls":
        """Return what is known once *event* was heard of."""
        if isinstance(event, JudgementRecalled):
            reviewers = (*self.reviewers, event.reviewer_id)
            tokens = self.tokens | {(event.review_id, event.token)}
            is_aside = event.because == "conflict"
            aside = {event.review_id} if is_aside else frozenset[str]()
            recalls = replace(
                self,
                reviewers=reviewers,
                tokens=tokens,
                conflicts=self.conflicts | aside,
            )
            if self.knows(event):
                return recalls
            taken_back = {**self.taken_back, event.review_id: event}
            return replace(recalls, taken_back=taken_back)
        renewed = {**self.renewed, event.judged.review_id: event}
        reviewers = (*self.reviewers, event.judged.reviewer_id)
        return replace(self, renewed=renewed, reviewers=reviewers)


NO_RECALLS = Recalls()
