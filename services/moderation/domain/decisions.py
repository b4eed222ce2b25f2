"""What can be decided about a judgement that was compared: a fact and its words each.

To add a decision, write both here, as the others do:

1. its fact: a class that `Settles`, with a ``sentence`` for timelines; an ``outcome``
   or ``feedback`` of its own is what it changes. Add it to `Decision`;
2. its words: a class of `Words` with its name as ``decision``, the fact it ``makes``,
   and what the lead fills in: ``feedback``, a `Consequence`, or neither; ``decided``
   refuses what breaks its rule, or returns the fact. What goes back to the reviewer
   makes `ReturnOrdered` and needs no other fact. Add it to `Asked`;
3. the plan: name it in the ``decisions`` of its rules, beside those of `USUAL`.

Then the route takes it, case, queue, reports, timelines and standings follow it, and
the reviewer, the participant and other services are told what it changes. Tests ask for
the fact's stored schema (`tests.contract.schemas` writes it) and line in the README.
"""

import operator
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.moderation.domain.deciding import (
    Consequence,
    Given,
    OtherWork,
    Settles,
    Words,
)
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.refusals import LevelsChangedError, NotAnOverturnError
from shared.carrying import carry
from shared.contracts.feedback import Feedback
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CriterionKey,
    Level,
    Outcome,
    PersonId,
    outcome_of,
)


class Upheld(Settles):
    """The reviewer's outcome stands."""

    sentence = "Judgement upheld"
    type: Literal["moderation.Upheld"] = "moderation.Upheld"
    by: Literal["agreement", "majority", "lead"]
    decided_by: PersonId | None = None
    """The lead, when the lead decided."""
    reason: Personal[str] | None = None


class Uphold(Words):
    """The reviewer's outcome stands."""

    makes: ClassVar[type[Fact]] = Upheld
    decision: Literal["uphold"]

    @staticmethod
    def decided(given: Given, _: JudgedCase) -> Upheld:
        """Return that it stands."""
        return carry(given, Upheld, by="lead")


class FeedbackAmended(Settles):
    """The outcome stands; the participant reads better feedback."""

    sentence = "Feedback amended"
    type: Literal["moderation.FeedbackAmended"] = "moderation.FeedbackAmended"
    decided_by: PersonId
    reason: Personal[str]
    feedback: Personal[str]
    """What the participant reads instead; the levels are the reviewer's."""


class Amend(Words):
    """Keep the outcome and give the participant better feedback."""

    makes: ClassVar[type[Fact]] = FeedbackAmended
    also_by_judges = True
    decision: Literal["amend"]
    feedback: Feedback
    """What the participant reads instead."""

    @staticmethod
    def decided(given: Given, judged: JudgedCase) -> FeedbackAmended:
        """Return the feedback that counts; its levels must be the reviewer's."""
        if given.levels != judged.levels:
            raise LevelsChangedError
        return carry(given, FeedbackAmended)


class Overturned(Settles):
    """The lead changed the outcome; every original judgement stays."""

    sentence = "Judgement overturned"
    type: Literal["moderation.Overturned"] = "moderation.Overturned"
    decided_by: PersonId
    levels: dict[CriterionKey, Level]
    outcome: Outcome
    reason: Personal[str]
    feedback: Personal[str]
    """What the participant reads instead."""
    other_work: OtherWork
    other_work_reason: Personal[str]


class Overturning(Consequence):
    """What an overturn needs beside its reason."""

    feedback: Feedback


class Overturn(Words):
    """The outcome changes, with new feedback for the participant."""

    makes: ClassVar[type[Fact]] = Overturned
    decision: Literal["overturn"]
    overturning: Overturning

    @staticmethod
    def decided(given: Given, judged: JudgedCase) -> Overturned:
        """Return the outcome of the levels given; it must be another one."""
        overturned = carry(given, Overturned, outcome=outcome_of(given.levels))
        if overturned.outcome == judged.outcome:
            raise NotAnOverturnError(outcome=judged.outcome)
        return overturned


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


class Return(Words):
    """Have the reviewer judge again, in a month of its own."""

    makes: ClassVar[type[Fact]] = ReturnOrdered
    decision: Literal["return"]
    returning: Consequence

    @staticmethod
    def decided(given: Given, judged: JudgedCase) -> ReturnOrdered:
        """Return the order."""
        return carry(
            given,
            ReturnOrdered,
            case_id=judged.case_id,
            attempt=judged.attempt,
            review_id=judged.review_id,
            reviewer_id=judged.reviewer_id,
            token=judged.token or None,
        )


class Rejudged(Fact):
    """The returned judgement came back; the first one stays a fact."""

    type: Literal["moderation.Rejudged"] = "moderation.Rejudged"
    judged: JudgedCase


Decision: TypeAlias = Upheld | FeedbackAmended | Overturned
"""What settles a case."""

DecisionEvent: TypeAlias = Decision | ReturnOrdered | Rejudged

Asked: TypeAlias = Uphold | Amend | Overturn | Return
"""What can be asked for."""

USUAL = ("uphold", "amend", "overturn", "return")
"""What plans allow that do not say which; so it never changes."""

DecisionWords: TypeAlias = Annotated[Asked, Field(discriminator="decision")]
"""What somebody writes who decides a case."""
