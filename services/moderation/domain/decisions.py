"""What is decided about a judgement that was compared: facts, each with its reason.

To add one that settles a case: its fact here, in `DecisionEvent` and in `Decision`; how
a case goes on in `evolve`, where mypy asks for it; its command in `commands`, the words
it is asked with in `handlers.words` and `handlers.deciding`, its rule in `leading`;
what the reviewer hears of it in `settling`; and that it settles, in `read_models.rows`
and `statistics.reports.records`. The tests of facts ask for its wording and its schema.
"""

import operator
from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.moderation.domain.judgement import JudgedCase
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CriterionKey,
    Level,
    Outcome,
    PersonId,
)

OtherWork: TypeAlias = Literal["widened", "remark_all", "not_widened"]
"""What follows for the reviewer's other work: more of it is moderated, all that is not
released, or no more, with a reason. Source: moderation.md 5."""


class Upheld(Fact):
    """The reviewer's outcome stands."""

    type: Literal["moderation.Upheld"] = "moderation.Upheld"
    by: Literal["agreement", "majority", "lead"]
    decided_by: PersonId | None = None
    """The lead, when the lead decided."""
    reason: Personal[str] | None = None


class FeedbackAmended(Fact):
    """The outcome stands; the participant reads better feedback."""

    type: Literal["moderation.FeedbackAmended"] = "moderation.FeedbackAmended"
    decided_by: PersonId
    reason: Personal[str]
    feedback: Personal[str]
    """What the participant reads instead; the levels are the reviewer's."""


class Overturned(Fact):
    """The lead changed the outcome; every original judgement stays."""

    type: Literal["moderation.Overturned"] = "moderation.Overturned"
    decided_by: PersonId
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    reason: Personal[str]
    feedback: Personal[str]
    """What the participant reads instead."""
    other_work: OtherWork
    other_work_reason: Personal[str]


class ReturnOrdered(Fact):
    """The judgement goes back to its reviewer, who is to judge again."""

    type: Literal["moderation.ReturnOrdered"] = "moderation.ReturnOrdered"
    case_id: CaseId
    attempt: Attempt
    review_id: str
    reviewer_id: PersonId
    token: int | None = None
    """Of the judgement, as review told it; None when it told none."""
    decided_by: PersonId
    reason: Personal[str]
    """What the reviewer is asked to do."""
    due_at: AwareDatetime | None = None
    """End of the month it has again; None in facts from before that was told."""
    other_work: OtherWork | None = Field(default=None, exclude_if=operator.not_)
    """The judgement may change: so their other work is decided about, too. None in
    facts of before that was asked."""
    other_work_reason: Personal[str] | None = Field(
        default=None, exclude_if=operator.not_
    )


class Rejudged(Fact):
    """The returned judgement came back; the first one stays a fact."""

    type: Literal["moderation.Rejudged"] = "moderation.Rejudged"
    judged: JudgedCase


class JudgementModerated(Fact):
    """The reviewer may know what came of this judgement of theirs."""

    type: Literal["moderation.JudgementModerated"] = "moderation.JudgementModerated"
    case_id: CaseId
    review_id: str
    reviewer_id: PersonId
    result: Literal["upheld", "amended", "overturned", "returned"]
    settled_at: AwareDatetime


DecisionEvent: TypeAlias = (
    Upheld
    | FeedbackAmended
    | Overturned
    | ReturnOrdered
    | Rejudged
    | JudgementModerated
)

Decision: TypeAlias = Upheld | FeedbackAmended | Overturned
"""What settles a case."""
