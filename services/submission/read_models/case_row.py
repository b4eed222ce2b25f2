"""A case as the office sees it: a row, and how each fact changes it. Pure."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from services.submission.domain.events import (
    AdjustmentAgreed,
    ApplicationReceived,
    AwardNoted,
    DeadlineMoved,
    EligibilityDecided,
    Enrolled,
    Entry,
    EvidenceAttached,
    EvidenceRemoved,
    FeedbackReceived,
    HoldNoted,
    MentorAppointed,
    MentorNominated,
    OutcomeNoted,
    ReminderDue,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    ResubmissionOpened,
    ReviewDelayed,
    SectionSaved,
    SelfRatingRecorded,
    StatementReceived,
    Submitted,
    TemplateChosen,
    Withdrawn,
)
from services.submission.read_models.waiting import waiting_after
from shared.carrying import carry
from shared.decider import Fact
from shared.eventlog import StoredEvent
from shared.vocabulary import Outcome

CaseState = Literal[
    "applied",
    "eligible",
    "refused",
    "enrolled",
    "open",
    "submitted",
    "criteria_met",
    "resubmission",
    "restart_required",
    "awarded",
    "withdrawn",
]
"""How far a case is. Source: domain.md section 3."""


class NotedOutcome(BaseModel):
    """A decision of moderation, without its words."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    released_at: datetime
    is_revision: bool


class CaseRow(BaseModel):
    """One case: whose, in which cohort, how far."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    cohort_id: str
    person_id: str
    organisation_id: str | None = None
    mentor_id: str | None = None
    programme: str
    programme_version: str
    policy_version: str
    state: CaseState = "enrolled"
    entry: Entry | None = None
    restart_of: str | None = None
    eligibility: str | None = None
    """``eligible``, or the reason of the refusal."""
    attempt: int = 1
    template: str | None = None
    sections: dict[str, int] = {}
    """Words of each section, by key."""
    files: list[str] = []
    """Ids of the evidence files."""
    own_deadline: date | None = None
    window_closes_on: date | None = None
    """Last day of a resubmission, before holds."""
    may_run_longer: bool = False
    """True when a hold or an adjustment may add days."""
    reminded_of: date | None = None
    """The last day of which the last reminder told, with so many days left."""
    reminded_at_days: int | None = None
    enrolled_at: datetime | None = None
    submitted_at: datetime | None = None
    review_opens_at: datetime | None = None
    outcomes: dict[str, NotedOutcome] = {}
    """By attempt, the decision that counts."""
    award_id: str | None = None
    waiting: list[str] = []
    """What the office has to answer: ``adjustment a1``, ``query q1``, ``mentor``,
    ``eligibility``, ``fee``."""


def follow_case(row: CaseRow | None, fact: Fact, _: StoredEvent) -> CaseRow | None:
    """Return the case's row as it is after *fact*."""
    match fact:
        case ApplicationReceived():
            return carry(fact, CaseRow, state="applied", waiting=["eligibility"])
        case Enrolled():
            return _enrolled(row, fact)
        case _ if row is not None:
            waiting = waiting_after(row.waiting, fact)
            return row.model_copy(update={**_changes(row, fact), "waiting": waiting})
        case _:
            return None


def _enrolled(row: CaseRow | None, fact: Enrolled) -> CaseRow:
    return carry(
        fact,
        CaseRow,
        eligibility=row.eligibility if row else None,
        may_run_longer=row.may_run_longer if row else False,
        waiting=waiting_after(row.waiting, fact) if row else [],
        enrolled_at=fact.occurred_at,
    )


def _changes(row: CaseRow, fact: Fact) -> dict[str, Any]:
    content = _content(row, fact)
    if content is not None:
        state = {"state": "open"} if row.state == "enrolled" else {}
        return {**content, **state}
    return _dates(fact) or _course(row, fact)


def _content(row: CaseRow, fact: Fact) -> dict[str, Any] | None:
    """Return how the portfolio changed; None when it did not."""
    match fact:
        case SectionSaved() | SelfRatingRecorded():
            return {"sections": {**row.sections, fact.key: fact.words}}
        case FeedbackReceived() | StatementReceived():
            return {"sections": {**row.sections, fact.key: fact.words}}
        case EvidenceAttached():
            return {"files": list(dict.fromkeys([*row.files, fact.evidence_id]))}
        case EvidenceRemoved():
            return {"files": [each for each in row.files if each != fact.evidence_id]}
        case TemplateChosen():
            return {"template": fact.template}
        case _:
            return None


def _dates(fact: Fact) -> dict[str, Any]:
    match fact:
        case DeadlineMoved():
            return {"own_deadline": fact.deadline}
        case ReminderDue():
            return {
                "reminded_of": fact.closes_on,
                "reminded_at_days": fact.mark_days,
            }
        case ReviewDelayed():
            return {"review_opens_at": fact.review_opens_at}
        case AdjustmentAgreed() | HoldNoted():
            return {"may_run_longer": True}
        case _:
            return {}


def _course(row: CaseRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case MentorNominated() | MentorAppointed():
            return {"mentor_id": fact.mentor_id}
        case EligibilityDecided(decision="eligible"):
            return {"state": "eligible", "eligibility": "eligible"}
        case EligibilityDecided():
            return {"state": "refused", "eligibility": fact.reason}
        case Submitted():
            return {
                "state": "submitted",
                "attempt": fact.attempt,
                "template": fact.template,
                "submitted_at": fact.submitted_at,
                "review_opens_at": fact.review_opens_at,
            }
        case _:
            return _afterwards(row, fact)


def _afterwards(row: CaseRow, fact: Fact) -> dict[str, Any]:
    match fact:
        case OutcomeNoted():
            return _judged(row, _counting(row.outcomes, fact))
        case ResubmissionOpened():
            return {
                "state": "resubmission",
                "own_deadline": None,
                "window_closes_on": fact.closes_on,
            }
        case ResubmissionClosed() | RestartRevoked():
            return _judged(row.model_copy(update={"state": "submitted"}), row.outcomes)
        case _:
            return _ended(fact)


def _ended(fact: Fact) -> dict[str, Any]:
    match fact:
        case RestartRequired():
            return {"state": "restart_required"}
        case AwardNoted():
            return {"state": "awarded", "award_id": fact.award_id}
        case Withdrawn():
            return {"state": "withdrawn"}
        case _:
            return {}


def _judged(row: CaseRow, outcomes: dict[str, NotedOutcome]) -> dict[str, Any]:
    """Return the state that decisions leave a case in that waits for them."""
    if row.state not in {"submitted", "criteria_met"}:
        return {"outcomes": outcomes}
    is_met = any(each.outcome == "CM" for each in outcomes.values())
    return {"outcomes": outcomes, "state": "criteria_met" if is_met else "submitted"}


def _counting(
    known: dict[str, NotedOutcome], fact: OutcomeNoted
) -> dict[str, NotedOutcome]:
    noted = carry(fact, NotedOutcome)
    before = known.get(str(fact.attempt))
    if before is not None and _rank(before) >= _rank(noted):
        return known
    return {**known, str(fact.attempt): noted}


def _rank(noted: NotedOutcome) -> tuple[datetime, bool]:
    return noted.released_at, noted.is_revision
