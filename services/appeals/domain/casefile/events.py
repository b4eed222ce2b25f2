"""What is known of a case: stream ``appeal-{case}``."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from services.appeals.domain.terms import Terms
from shared.decider import Fact
from shared.vocabulary import CaseId, OrganisationId, PersonId

PartKind: TypeAlias = Literal[
    "assessor", "viva_panel", "explainer", "conversation", "appeal_panel", "reader"
]
"""How somebody took part; an assessor has judged, as reviewer or as moderator.

Who is a reader alone has read for the office what was written in an appeal. That is no
part of theirs in the case, but they do not judge it afresh.
"""

DecisionSubject: TypeAlias = Literal["outcome", "viva"]
DecisionResult: TypeAlias = Literal["CM", "CNM", "not_passed"]


class TermsNoted(Fact):
    """Under which terms a case stands, or an attempt was handed in, and whose it is."""

    type: Literal["appeals.TermsNoted"] = "appeals.TermsNoted"
    case_id: CaseId
    participant_id: PersonId
    attempt: Annotated[int, Field(ge=0, le=2)]
    """0 for what was known before anything was handed in."""
    terms: Terms


class BondsNoted(Fact):
    """Who supports the participant, and for whom the participant works."""

    type: Literal["appeals.BondsNoted"] = "appeals.BondsNoted"
    case_id: CaseId
    mentor_id: PersonId | None
    organisation_id: OrganisationId | None


class PartNoted(Fact):
    """These people had a part in the case and may not hear an appeal about it."""

    type: Literal["appeals.PartNoted"] = "appeals.PartNoted"
    case_id: CaseId
    part: PartKind
    person_ids: Annotated[tuple[PersonId, ...], Field(min_length=1)]
    appeal_id: str | None = None
    """The appeal in which they took part, where it was in one."""


class DecisionNoted(Fact):
    """A decision was released: an explanation of it may be asked for."""

    type: Literal["appeals.DecisionNoted"] = "appeals.DecisionNoted"
    case_id: CaseId
    decision_id: str
    subject: DecisionSubject
    number: Annotated[int, Field(ge=1)]
    """Attempt of the portfolio, or number of the viva."""
    result: DecisionResult
    is_revision: bool
    """True when it replaces the decision before it of the same number."""
    released_at: AwareDatetime


class HoldNoted(Fact):
    """The clocks of the case stand still."""

    type: Literal["appeals.HoldNoted"] = "appeals.HoldNoted"
    case_id: CaseId
    hold_id: str
    placed_at: AwareDatetime


class HoldEndNoted(Fact):
    """The clocks of the case run on."""

    type: Literal["appeals.HoldEndNoted"] = "appeals.HoldEndNoted"
    case_id: CaseId
    hold_id: str
    lifted_at: AwareDatetime


class WithdrawalNoted(Fact):
    """The participant takes no further part: nothing more is decided."""

    type: Literal["appeals.WithdrawalNoted"] = "appeals.WithdrawalNoted"
    case_id: CaseId
    withdrawn_at: AwareDatetime


class AppealOpened(Fact):
    """An explanation was asked for, or an appeal about support lodged."""

    type: Literal["appeals.AppealOpened"] = "appeals.AppealOpened"
    case_id: CaseId
    number: Annotated[int, Field(ge=1)]
    decision_id: str | None
    """None for an appeal about the support received."""


class AppealClosed(Fact):
    """Nothing more can happen to an appeal."""

    type: Literal["appeals.AppealClosed"] = "appeals.AppealClosed"
    case_id: CaseId
    number: Annotated[int, Field(ge=1)]


CaseFileEvent: TypeAlias = (
    TermsNoted
    | BondsNoted
    | PartNoted
    | DecisionNoted
    | HoldNoted
    | HoldEndNoted
    | WithdrawalNoted
    | AppealOpened
    | AppealClosed
)
