"""Ready-made facts and commands of appeals; a test says only what it is about."""

from datetime import UTC, date, datetime
from typing import Any

from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.events import (
    AppealOpened,
    BondsNoted,
    DecisionNoted,
    HoldEndNoted,
    HoldNoted,
    PartNoted,
    TermsNoted,
    WithdrawalNoted,
)
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.commands import (
    AppointPanel,
    DecideAppeal,
    GiveExplanation,
    LodgeAboutSupport,
    LodgeAppeal,
    RequestExplanation,
    RespondAboutSupport,
)
from services.appeals.domain.events import (
    ExplanationGiven,
    ExplanationRequested,
    HearingPanelAppointed,
    Lodged,
    ReleasedDecision,
)
from services.appeals.domain.hearer.evolve import Hearer
from services.appeals.domain.terms import Terms
from services.appeals.domain.working_days import Calendar
from shared.personal import Personal

CASE = "case-1"
APPEAL = "case-1.1"
DECISION = "6f1c2a1e-0000-4000-8000-000000000001"

EASTER_2026 = (date(2026, 4, 3), date(2026, 4, 6))
CALENDAR = Calendar(
    first_year=2025,
    last_year=2027,
    bank_holidays=(
        date(2025, 12, 25),
        date(2025, 12, 26),
        date(2026, 1, 1),
        *EASTER_2026,
        date(2026, 5, 4),
        date(2026, 5, 25),
        date(2026, 8, 31),
        date(2026, 12, 25),
        date(2026, 12, 28),
    ),
)
TERMS = Terms(
    programme="ATS",
    programme_version="2025.1",
    policy_version="2025.1",
    ask_explanation_working_days=10,
    give_explanation_working_days=5,
    lodge_working_days=10,
    answer_about_support_working_days=10,
    panel_members=3,
    conversation_minutes=30,
    grounds=("procedural-error", "evidence-overlooked"),
    calendar=CALENDAR,
)

RELEASED_AT = datetime(2026, 3, 26, 10, tzinfo=UTC)
"""A Thursday, a week before Easter; summer time begins on the Sunday between."""
ASK_BY = date(2026, 4, 13)
ASKED_AT = datetime(2026, 4, 7, 9, tzinfo=UTC)
EXPLAIN_BY = date(2026, 4, 14)
EXPLAINED_AT = datetime(2026, 4, 14, 9, tzinfo=UTC)
LODGE_BY = date(2026, 4, 28)
LODGED_AT = datetime(2026, 4, 20, 9, tzinfo=UTC)
HEARD_AT = datetime(2026, 5, 11, 9, tzinfo=UTC)

DECIDED = ReleasedDecision(
    decision_id=DECISION,
    subject="outcome",
    number=1,
    result="CNM",
    released_at=RELEASED_AT,
)

NORA = Hearer(frozenset({"appeal_panel"}), frozenset({"east-college"}))
OMAR = Hearer(frozenset({"appeal_panel"}), frozenset({"west-college"}))
PIA = Hearer(frozenset({"appeal_panel"}))
"""Nobody said for whom Pia works."""
PANEL = {"nora": NORA, "omar": OMAR, "pia": PIA}


def sealed(text: str) -> Personal[str]:
    """Return an envelope; tests of rules never open one."""
    return Personal[str](subject="ana", key="k", nonce="n", ciphertext=text)


def terms_noted(**changes: Any) -> TermsNoted:
    noted: dict[str, Any] = {
        "case_id": CASE,
        "participant_id": "ana",
        "attempt": 1,
        "terms": TERMS,
        "occurred_at": RELEASED_AT,
    }
    return TermsNoted(**noted | changes)


def bonds_noted(
    mentor_id: str | None = "ben", organisation_id: str | None = "north-college"
) -> BondsNoted:
    return BondsNoted(
        case_id=CASE,
        mentor_id=mentor_id,
        organisation_id=organisation_id,
        occurred_at=RELEASED_AT,
    )


def part_noted(*person_ids: str, **changes: Any) -> PartNoted:
    noted: dict[str, Any] = {
        "case_id": CASE,
        "part": "assessor",
        "person_ids": person_ids,
        "occurred_at": RELEASED_AT,
    }
    return PartNoted(**noted | changes)


def decision_noted(**changes: Any) -> DecisionNoted:
    noted: dict[str, Any] = {
        "case_id": CASE,
        "decision_id": DECISION,
        "subject": "outcome",
        "number": 1,
        "result": "CNM",
        "is_revision": False,
        "released_at": RELEASED_AT,
        "occurred_at": RELEASED_AT,
    }
    return DecisionNoted(**noted | changes)


def hold(hold_id: str, placed_at: datetime) -> HoldNoted:
    return HoldNoted(
        case_id=CASE, hold_id=hold_id, placed_at=placed_at, occurred_at=placed_at
    )


def hold_end(hold_id: str, lifted_at: datetime) -> HoldEndNoted:
    return HoldEndNoted(
        case_id=CASE, hold_id=hold_id, lifted_at=lifted_at, occurred_at=lifted_at
    )


def withdrawal(at: datetime = ASKED_AT) -> WithdrawalNoted:
    return WithdrawalNoted(case_id=CASE, withdrawn_at=at, occurred_at=at)


def appeal_opened(number: int = 1, decision_id: str | None = DECISION) -> AppealOpened:
    return AppealOpened(
        case_id=CASE, number=number, decision_id=decision_id, occurred_at=ASKED_AT
    )


KNOWN = (
    terms_noted(),
    bonds_noted(),
    part_noted("rita", "mo"),
    decision_noted(),
)


def file(*more: object) -> CaseFile:
    """Return a case with a CNM, judged by Rita and Mo, and what happened since."""
    return casefile.fold((*KNOWN, *more))  # type: ignore[arg-type]


def request(**changes: Any) -> RequestExplanation:
    asked: dict[str, Any] = {
        "case_id": CASE,
        "number": 1,
        "file": file(),
        "decision_id": DECISION,
        "by": "ana",
        "question": sealed("question"),
        "at": ASKED_AT,
    }
    return RequestExplanation(**asked | changes)


def requested(**changes: Any) -> ExplanationRequested:
    happened: dict[str, Any] = {
        "appeal_id": APPEAL,
        "case_id": CASE,
        "number": 1,
        "participant_id": "ana",
        "decision": DECIDED,
        "terms": TERMS,
        "question": sealed("question"),
        "due_on": EXPLAIN_BY,
        "occurred_at": ASKED_AT,
    }
    return ExplanationRequested(**happened | changes)


def explain(**changes: Any) -> GiveExplanation:
    asked: dict[str, Any] = {
        "file": file(appeal_opened()),
        "by": "olga",
        "explanation": sealed("explanation"),
        "at": EXPLAINED_AT,
    }
    return GiveExplanation(**asked | changes)


def explained(**changes: Any) -> ExplanationGiven:
    happened: dict[str, Any] = {
        "appeal_id": APPEAL,
        "case_id": CASE,
        "participant_id": "ana",
        "by": "olga",
        "explanation": sealed("explanation"),
        "appeal_by": LODGE_BY,
        "occurred_at": EXPLAINED_AT,
    }
    return ExplanationGiven(**happened | changes)


def lodge(**changes: Any) -> LodgeAppeal:
    asked: dict[str, Any] = {
        "file": file(appeal_opened()),
        "by": "ana",
        "grounds": ("procedural-error",),
        "statement": sealed("statement"),
        "at": LODGED_AT,
    }
    return LodgeAppeal(**asked | changes)


def lodged(**changes: Any) -> Lodged:
    happened: dict[str, Any] = {
        "appeal_id": APPEAL,
        "case_id": CASE,
        "number": 1,
        "participant_id": "ana",
        "against": "decision",
        "decision": DECIDED,
        "grounds": ("procedural-error",),
        "statement": sealed("statement"),
        "terms": TERMS,
        "due_on": None,
        "occurred_at": LODGED_AT,
    }
    return Lodged(**happened | changes)


def lodge_about_support(**changes: Any) -> LodgeAboutSupport:
    asked: dict[str, Any] = {
        "case_id": CASE,
        "number": 1,
        "file": file(),
        "by": "ana",
        "statement": sealed("statement"),
        "at": ASKED_AT,
    }
    return LodgeAboutSupport(**asked | changes)


def lodged_about_support(**changes: Any) -> Lodged:
    return lodged(
        **{
            "against": "support",
            "decision": None,
            "grounds": (),
            "due_on": date(2026, 4, 21),
            "occurred_at": ASKED_AT,
        }
        | changes
    )


def respond(**changes: Any) -> RespondAboutSupport:
    asked: dict[str, Any] = {
        "file": file(appeal_opened(decision_id=None)),
        "by": "olga",
        "decision": "upheld",
        "reasons": sealed("reasons"),
        "at": LODGED_AT,
    }
    return RespondAboutSupport(**asked | changes)


def appoint(**changes: Any) -> AppointPanel:
    asked: dict[str, Any] = {
        "file": file(appeal_opened()),
        "members": PANEL,
        "by": "olga",
        "at": LODGED_AT,
    }
    return AppointPanel(**asked | changes)


def appointed(*members: str) -> HearingPanelAppointed:
    return HearingPanelAppointed(
        appeal_id=APPEAL,
        case_id=CASE,
        members=members or ("nora", "omar", "pia"),
        by="olga",
        occurred_at=LODGED_AT,
    )


def decide(**changes: Any) -> DecideAppeal:
    asked: dict[str, Any] = {
        "file": file(appeal_opened()),
        "members": PANEL,
        "by": "nora",
        "decision": "upheld",
        "remedy": "fresh_review",
        "reasons": sealed("reasons"),
        "at": HEARD_AT,
    }
    return DecideAppeal(**asked | changes)
