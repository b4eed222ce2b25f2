"""Ready-made facts and commands of a case's life beside its portfolio."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.submission.domain.commands import (
    AgreeAdjustment,
    Apply,
    AskForAdjustment,
    DecideEligibility,
    DeclineAdjustment,
    Lapse,
    NoteAward,
    NoteOutcome,
    NoteVivaNotPassed,
    Remind,
)
from services.submission.domain.events import (
    AdjustmentAgreed,
    AdjustmentAsked,
    AdjustmentDeclined,
    ApplicationReceived,
    AwardNoted,
    DetailsOpened,
    EligibilityDecided,
    ExtraDays,
    FeePaid,
    HoldEndNoted,
    HoldNoted,
    MentorAppointed,
    MentorAsked,
    OutcomeNoted,
    QueryAnswered,
    QueryAsked,
    ReminderDue,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    ResubmissionLapsed,
    ResubmissionOpened,
    ReviewDelayed,
    VivaNotPassedNoted,
    Withdrawn,
)
from services.submission.domain.person.events import PlaceTaken
from shared.decider import Fact
from tests.unit.submission.examples import (
    AT,
    DEADLINE,
    STARTS_ON,
    enrolled,
    saved,
    sealed,
    submitted,
)

RELEASED_AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
"""A Monday in summer time."""
RUNS_UNTIL = date(2026, 6, 15)
"""Six weeks later."""
WINDOW_WEEKS = 6
MARKS_DAYS = (14, 7, 2)
APPLY_FROM, APPLY_UNTIL = date(2025, 6, 1), date(2025, 7, 1)
APPLIED_AT = datetime(2025, 6, 20, 12, tzinfo=UTC)
COMPLETE = (
    enrolled(),
    saved(),
    saved(key="action-plan", content_hash="4" * 64, path="ana/4"),
)
WITH_REVIEWERS = (*COMPLETE, submitted())
REQUIREMENTS = ("experience", "holds-qtls")


def _with(common: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return common | changes


def application(**changes: Any) -> ApplicationReceived:
    return ApplicationReceived(
        **_with(
            {
                "case_id": "case-1",
                "person_id": "ana",
                "cohort_id": "ats-2025-10",
                "programme": "ATS",
                "programme_version": "2025.1",
                "policy_version": "2025.1",
                "answered": REQUIREMENTS,
                "answers": sealed("form"),
                "occurred_at": APPLIED_AT,
            },
            changes,
        )
    )


def apply(**changes: Any) -> Apply:
    return Apply(
        **_with(
            {
                "case_id": "case-1",
                "person_id": "ana",
                "cohort_id": "ats-2025-10",
                "programme": "ATS",
                "programme_version": "2025.1",
                "policy_version": "2025.1",
                "answered": REQUIREMENTS,
                "requirements": REQUIREMENTS,
                "answers": sealed("form"),
                "opens_on": APPLY_FROM,
                "closes_on": APPLY_UNTIL,
                "at": APPLIED_AT,
            },
            changes,
        )
    )


def decide_eligibility(**changes: Any) -> DecideEligibility:
    return DecideEligibility(
        **_with(
            {
                "decision": "eligible",
                "reason": None,
                "requirements": REQUIREMENTS,
                "decided_by": "olga",
                "at": APPLIED_AT,
            },
            changes,
        )
    )


def eligibility(**changes: Any) -> EligibilityDecided:
    return EligibilityDecided(
        **_with(
            {
                "decision": "eligible",
                "reason": None,
                "decided_by": "olga",
                "occurred_at": APPLIED_AT,
            },
            changes,
        )
    )


def ask_adjustment(**changes: Any) -> AskForAdjustment:
    return AskForAdjustment(
        **_with(
            {
                "adjustment_id": "a1",
                "asked_by": "ana",
                "details": sealed("needs"),
                "starts_on": STARTS_ON,
                "months_before": 1,
                "at": datetime(2025, 8, 20, 12, tzinfo=UTC),
            },
            changes,
        )
    )


def adjustment_asked(**changes: Any) -> AdjustmentAsked:
    return AdjustmentAsked(
        **_with(
            {
                "adjustment_id": "a1",
                "asked_by": "ana",
                "details": sealed("needs"),
                "occurred_at": datetime(2025, 8, 20, 12, tzinfo=UTC),
            },
            changes,
        )
    )


def agree_adjustment(**changes: Any) -> AgreeAdjustment:
    return AgreeAdjustment(**_with(_agreed() | {"at": AT}, changes))


def adjustment_agreed(**changes: Any) -> AdjustmentAgreed:
    return AdjustmentAgreed(**_with(_agreed() | {"occurred_at": AT}, changes))


def decline_adjustment(**changes: Any) -> DeclineAdjustment:
    return DeclineAdjustment(**_with(_declined() | {"at": AT}, changes))


def adjustment_declined(**changes: Any) -> AdjustmentDeclined:
    return AdjustmentDeclined(**_with(_declined() | {"occurred_at": AT}, changes))


def _declined() -> dict[str, Any]:
    return {
        "adjustment_id": "a1",
        "declined_by": "olga",
        "details": sealed("declined"),
    }


def _agreed() -> dict[str, Any]:
    return {
        "adjustment_id": "a1",
        "extra_days": (
            ExtraDays(clock="submission", days=10),
            ExtraDays(clock="resubmission", days=14),
        ),
        "viva": ("extra_time", "remote"),
        "until": date(2026, 12, 31),
        "agreed_by": "olga",
        "details": sealed("agreed"),
    }


def hold(placed_at: datetime, hold_id: str = "h1") -> HoldNoted:
    return HoldNoted(hold_id=hold_id, placed_at=placed_at, occurred_at=placed_at)


def lifted(lifted_at: datetime, hold_id: str = "h1") -> HoldEndNoted:
    return HoldEndNoted(hold_id=hold_id, lifted_at=lifted_at, occurred_at=lifted_at)


def note(**changes: Any) -> NoteOutcome:
    return NoteOutcome(
        **_with(_outcome() | {"window_weeks": WINDOW_WEEKS, "at": RELEASED_AT}, changes)
    )


def noted(**changes: Any) -> OutcomeNoted:
    return OutcomeNoted(**_with(_outcome() | {"occurred_at": RELEASED_AT}, changes))


def _outcome() -> dict[str, Any]:
    return {
        "message_id": UUID(int=1),
        "attempt": 1,
        "outcome": "CNM",
        "is_revision": False,
        "released_at": RELEASED_AT,
        "feedback": sealed("feedback"),
    }


def window(**changes: Any) -> ResubmissionOpened:
    return ResubmissionOpened(
        **_with(
            {
                "case_id": "case-1",
                "participant_id": "ana",
                "cohort_id": "ats-2025-10",
                "programme": "ATS",
                "programme_version": "2025.1",
                "policy_version": "2025.1",
                "opened_on": date(2026, 5, 4),
                "runs_until": RUNS_UNTIL,
                "closes_on": RUNS_UNTIL,
                "outcome_released_at": RELEASED_AT,
                "feedback": sealed("feedback"),
                "occurred_at": RELEASED_AT,
            },
            changes,
        )
    )


def restart(**changes: Any) -> RestartRequired:
    return RestartRequired(
        **_with(
            {
                "case_id": "case-1",
                "participant_id": "ana",
                "programme": "ATS",
                "programme_version": "2025.1",
                "policy_version": "2025.1",
                "reason": "resubmission_late",
                "outcome_released_at": None,
                "feedback": None,
                "occurred_at": RELEASED_AT,
            },
            changes,
        )
    )


def note_not_passed(*, number: int = 2, last: bool = True) -> NoteVivaNotPassed:
    return NoteVivaNotPassed(number=number, last=last, at=RELEASED_AT)


def note_award() -> NoteAward:
    return NoteAward(award_id="ATS-1", conferred_at=RELEASED_AT, at=RELEASED_AT)


def award_noted() -> AwardNoted:
    return AwardNoted(
        award_id="ATS-1", conferred_at=RELEASED_AT, occurred_at=RELEASED_AT
    )


def remind(at: datetime, **changes: Any) -> Remind:
    return Remind(
        **_with(
            {"marks_days": MARKS_DAYS, "cohort_deadline": DEADLINE, "at": at}, changes
        )
    )


def reminder(at: datetime, **changes: Any) -> ReminderDue:
    return ReminderDue(
        **_with(
            {
                "case_id": "case-1",
                "participant_id": "ana",
                "about": "submission",
                "closes_on": DEADLINE,
                "days_left": 14,
                "mark_days": 14,
                "occurred_at": at,
            },
            changes,
        )
    )


def lapse(at: datetime) -> Lapse:
    return Lapse(cohort_deadline=DEADLINE, at=at)


def lapsed(at: datetime, closed_on: date = RUNS_UNTIL) -> ResubmissionLapsed:
    return ResubmissionLapsed(case_id="case-1", closed_on=closed_on, occurred_at=at)


def withdrawn(by: str = "participant") -> Withdrawn:
    return Withdrawn.model_validate(
        {"case_id": "case-1", "by": by, "withdrawn_by": "ana", "occurred_at": AT}
    )


def asked(query_id: str = "q1", by: str = "participant") -> QueryAsked:
    return QueryAsked.model_validate(
        {
            "query_id": query_id,
            "asked_by": by,
            "author_id": "ana",
            "text": sealed("question"),
            "occurred_at": AT,
        }
    )


def paid() -> FeePaid:
    return FeePaid(
        case_id="case-1", amount_pence=5000, recorded_by="olga", occurred_at=AT
    )


EVERY_KIND: tuple[Fact, ...] = (
    application(),
    eligibility(),
    MentorAsked(asked_by="ana", occurred_at=AT),
    MentorAppointed(
        case_id="case-1",
        participant_id="ana",
        mentor_id="ben",
        appointed_by="olga",
        occurred_at=AT,
    ),
    adjustment_asked(),
    adjustment_agreed(),
    adjustment_declined(),
    hold(AT),
    lifted(RELEASED_AT),
    reminder(AT),
    ReviewDelayed(
        case_id="case-1", attempt=1, review_opens_at=RELEASED_AT, occurred_at=AT
    ),
    asked(),
    QueryAnswered(
        query_id="q1", author_id="olga", text=sealed("answer"), occurred_at=AT
    ),
    DetailsOpened(
        opened_by="olga",
        field="office.adjustment",
        reason=sealed("reason"),
        occurred_at=AT,
    ),
    noted(),
    VivaNotPassedNoted(number=2, last=True, occurred_at=RELEASED_AT),
    award_noted(),
    window(),
    ResubmissionClosed(case_id="case-1", occurred_at=RELEASED_AT),
    lapsed(RELEASED_AT),
    restart(),
    RestartRevoked(case_id="case-1", occurred_at=RELEASED_AT),
    paid(),
    withdrawn(),
    PlaceTaken(person_id="ana", case_id="case-1", occurred_at=AT),
)
"""One fact of each kind."""
