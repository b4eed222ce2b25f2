"""What moderation tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.message import CaseMessage, PersonMessage
from shared.personal import Personal
from shared.vocabulary import (
    Attempt,
    CaseId,
    CohortId,
    ModerationResult,
    OrganisationId,
    Outcome,
    PersonId,
    Sha256,
)

StandingName: TypeAlias = Literal[
    "probation", "normal", "reduced", "tightened", "paused"
]
"""How closely somebody's judgements are looked at."""


class _Outcome(CaseMessage):
    """A decision, as it may be told to the participant."""

    cohort_id: CohortId
    attempt: Attempt
    participant_id: PersonId
    programme: str
    programme_version: str
    policy_version: str
    outcome: Outcome
    feedback: Personal[str]
    """Content of the letter, sealed for the participant."""
    took_part: tuple[PersonId, ...]
    """Everyone who judged: they may have no later part in the case."""
    released_at: AwareDatetime


class OutcomeReleased(_Outcome):
    """A decision is final for now and may be told to the participant."""

    type: Literal["moderation.OutcomeReleased.v1"] = "moderation.OutcomeReleased.v1"


class OutcomeRevised(_Outcome):
    """A released decision was replaced after a fresh review; this one counts now."""

    type: Literal["moderation.OutcomeRevised.v1"] = "moderation.OutcomeRevised.v1"
    replaces: Outcome
    because: Literal["appeal", "conflict"] = "appeal"
    """An appeal was upheld, or who judged first should not have."""
    review_id: str | None = None
    """The fresh review that it is the outcome of; None when it was told without."""


class WantedPortfolio(BaseModel):
    """What is to be judged where no submission told it, and how it comes in."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cohort_id: CohortId
    participant_id: PersonId
    participant_organisation_id: OrganisationId
    mentor_id: PersonId | None
    programme: str
    programme_version: str
    policy_version: str
    template: str
    role_context: str | None
    snapshot_sha256: Sha256
    snapshot_path: str
    beside: str
    """The review that it comes in like: handed in about then, and given away, or free
    to claim, as that one was."""
    apart_microseconds: int = Field(ge=1)
    """So much earlier than that one it counts as handed in."""
    review_opens_at: AwareDatetime
    due_at: AwareDatetime
    only_by: PersonId
    """Who alone may claim it."""
    although_paused: bool = False
    """They may judge it while they are given nothing else."""


class ReviewWanted(CaseMessage):
    """A portfolio is to be judged: afresh after an appeal, or one that comes from here.

    Whoever had a part in it is excluded.
    """

    type: Literal["moderation.ReviewWanted.v1"] = "moderation.ReviewWanted.v1"
    attempt: Attempt
    number: int = Field(ge=1)
    """Which review of this attempt it is; the first only of what comes from here."""
    excluded: tuple[PersonId, ...]
    """Everyone who took part so far."""
    portfolio: WantedPortfolio | None = None
    """None when a submission told it."""


class ReturnOrdered(CaseMessage):
    """A judgement goes back to its reviewer, who is to judge again."""

    type: Literal["moderation.ReturnOrdered.v1"] = "moderation.ReturnOrdered.v1"
    attempt: Attempt
    review_id: str
    reviewer_id: PersonId
    token: int | None = None
    """As the judgement told it that is returned; None when it told none."""
    reason: Personal[str]
    """What the moderator asks for; sealed for the participant's case."""


class JudgementModerated(CaseMessage):
    """A reviewer's judgement was compared and settled; they may know the result."""

    type: Literal["moderation.JudgementModerated.v1"] = (
        "moderation.JudgementModerated.v1"
    )
    review_id: str
    reviewer_id: PersonId
    result: ModerationResult
    settled_at: AwareDatetime


class Overdue(CaseMessage):
    """A case was not moderated in time; its lead is to see to it."""

    type: Literal["moderation.Overdue.v1"] = "moderation.Overdue.v1"
    cohort_id: CohortId
    attempt: Attempt
    programme: str
    lead_id: PersonId
    due_at: AwareDatetime


class StandingChanged(PersonMessage):
    """Somebody's judgements are looked at more or less closely from now on.

    Whoever is paused is given nothing new to judge.
    """

    type: Literal["moderation.StandingChanged.v1"] = "moderation.StandingChanged.v1"
    part: Literal["reviewer", "moderator"]
    was: StandingName
    standing: StandingName
    changed_at: AwareDatetime


class MarksRead(PersonMessage):
    """Somebody has read how a portfolio was judged: they judge it no more."""

    type: Literal["moderation.MarksRead.v1"] = "moderation.MarksRead.v1"
    case_id: CaseId
    attempt: Attempt


ModerationMessage: TypeAlias = Annotated[
    OutcomeReleased
    | OutcomeRevised
    | ReviewWanted
    | ReturnOrdered
    | JudgementModerated
    | Overdue
    | StandingChanged
    | MarksRead,
    Field(discriminator="type"),
]
