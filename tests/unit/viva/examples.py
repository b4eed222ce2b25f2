"""Ready-made facts and commands of viva; a test says only what it is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.viva.domain.commands import (
    AppointPanel,
    BookViva,
    Conferral,
    GiveVerdict,
    HearOutcome,
    Member,
    NoteAdjustment,
    NoteHold,
    NoteHoldEnd,
    NotePortfolio,
    NoteTie,
    NoteWithdrawal,
    Place,
    SettleDifference,
    Terms,
)
from services.viva.domain.decide import viva
from services.viva.domain.events import (
    AdjustmentNoted,
    AwardConferred,
    Bond,
    Booked,
    Conflict,
    DifferenceSettled,
    Held,
    HoldEndNoted,
    HoldNoted,
    Moved,
    NotPassed,
    Offered,
    OutcomeHeard,
    PanelAppointed,
    PanelDisagreed,
    PanelDissolved,
    Passed,
    PortfolioNoted,
    ReminderDue,
    TieNoted,
    Verdict,
    VerdictGiven,
    WithdrawalNoted,
)
from services.viva.domain.panellist.events import PanelRole
from services.viva.domain.panellist.evolve import Panellist
from shared.personal import Personal
from tests.support.specification import Scenario

VIVA = Scenario(viva)

RELEASED_AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
AT = datetime(2026, 5, 5, 9, tzinfo=UTC)
STARTS_AT = datetime(2026, 6, 10, 9, tzinfo=UTC)
AFTER = STARTS_AT + timedelta(hours=1)

TERMS = Terms(needs_viva=True, attempts=2, book_until_days=7, reminder_days=(14, 7, 2))
NO_VIVA = Terms(needs_viva=False, attempts=0, book_until_days=7)
CONFERRAL = Conferral(
    award_id="ATS-2026-0000-0000-0000-0000-0",
    status="Advanced Teacher Status",
    grade="Fellow",
    post_nominals=("ATS", "FSET"),
    has_certificate=True,
)

_ABOUT: dict[str, Any] = {
    "case_id": "case-1",
    "cohort_id": "ats-2025-10",
    "attempt": 1,
    "participant_id": "ana",
    "programme": "ATS",
    "programme_version": "2025.1",
    "policy_version": "2025.1",
    "outcome": "CM",
    "is_revision": False,
    "took_part": ("rita", "mona"),
    "heard_of": UUID(int=7),
    "released_at": RELEASED_AT,
}
WHOSE: dict[str, Any] = {"case_id": "case-1", "participant_id": "ana"}


def sealed(text: str = "notes") -> Personal[str]:
    """Return an envelope; tests of rules never open one."""
    return Personal[str](subject="ana", key="k", nonce="n", ciphertext=text)


def member(
    person_id: str, *roles: PanelRole, organisation: str | None = "east-college"
) -> Member:
    known = Panellist(roles=frozenset(roles), organisation_id=organisation)
    return Member(person_id=person_id, known=known)


LENA = member("lena", "lead_moderator")
LUIS = member("luis", "lead_moderator")
HUGO = member("hugo", "panel_member")


def hear(**changes: Any) -> HearOutcome:
    asked = {"terms": TERMS, "conferral": CONFERRAL, "at": AT}
    return HearOutcome(**_ABOUT | asked | changes)


def heard(**changes: Any) -> OutcomeHeard:
    return OutcomeHeard(**_ABOUT | {"occurred_at": AT} | changes)


def offered(number: int = 1, at: datetime = AT) -> Offered:
    return Offered(**WHOSE, number=number, occurred_at=at)


def tie(mentor_id: str | None = None, organisation_id: str | None = None) -> NoteTie:
    return NoteTie(mentor_id=mentor_id, organisation_id=organisation_id, at=AT)


def tied(mentor_id: str | None = None, organisation_id: str | None = None) -> TieNoted:
    return TieNoted(
        mentor_id=mentor_id, organisation_id=organisation_id, occurred_at=AT
    )


_PORTFOLIO: dict[str, Any] = {
    **WHOSE,
    "attempt": 1,
    "snapshot_sha256": "a" * 64,
    "snapshot_path": "ana/3",
}


def hand_in(**changes: Any) -> NotePortfolio:
    return NotePortfolio(**_PORTFOLIO | {"at": AT} | changes)


def handed_in(**changes: Any) -> PortfolioNoted:
    return PortfolioNoted(**_PORTFOLIO | {"occurred_at": AT} | changes)


def withdraw(withdrawn_at: datetime = AT) -> NoteWithdrawal:
    return NoteWithdrawal(withdrawn_at=withdrawn_at, at=AT)


def withdrawn(withdrawn_at: datetime = AT) -> WithdrawalNoted:
    return WithdrawalNoted(withdrawn_at=withdrawn_at, occurred_at=AT)


def place_hold(hold_id: str = "h1") -> NoteHold:
    return NoteHold(hold_id=hold_id, placed_at=AT, at=AT)


def on_hold(hold_id: str = "h1", placed_at: datetime = AT) -> HoldNoted:
    return HoldNoted(hold_id=hold_id, placed_at=placed_at, occurred_at=AT)


def lift_hold(hold_id: str = "h1", **changes: Any) -> NoteHoldEnd:
    asked: dict[str, Any] = {"terms": TERMS, "conferral": CONFERRAL, "at": AFTER}
    return NoteHoldEnd(hold_id=hold_id, lifted_at=AFTER, **asked | changes)


def lifted(hold_id: str = "h1", lifted_at: datetime | None = None) -> HoldEndNoted:
    return HoldEndNoted(
        hold_id=hold_id, lifted_at=lifted_at or AFTER, occurred_at=AFTER
    )


def adjust(extra_minutes: int, at: datetime = AT) -> NoteAdjustment:
    return NoteAdjustment(extra_minutes=extra_minutes, by="olga", at=at)


def adjusted(extra_minutes: int) -> AdjustmentNoted:
    return AdjustmentNoted(extra_minutes=extra_minutes, noted_by="olga", occurred_at=AT)


def appoint(
    lead: Member = LENA,
    head: Member = HUGO,
    deputy: Member | None = None,
    sitting: tuple[Member, ...] = (),
) -> AppointPanel:
    return AppointPanel(
        lead=lead, head=head, deputy=deputy, sitting=sitting, by="olga", at=AT
    )


def dissolved(person_id: str, bond: Bond, number: int = 1) -> PanelDissolved:
    conflict = Conflict(person_id=person_id, bond=bond)
    return PanelDissolved(
        case_id="case-1", number=number, conflicts=(conflict,), occurred_at=AT
    )


def appointed(
    lead_id: str = "lena",
    head_id: str = "hugo",
    *,
    number: int = 1,
    instead_of: str | None = None,
) -> PanelAppointed:
    return PanelAppointed(
        case_id="case-1",
        number=number,
        lead_id=lead_id,
        head_id=head_id,
        instead_of=instead_of,
        appointed_by="olga",
        occurred_at=AT,
    )


def place(**changes: Any) -> Place:
    found: dict[str, Any] = {
        "round_id": "june",
        "slot_id": "s1",
        "programme": "ATS",
        "cohorts": (),
        "starts_at": STARTS_AT,
        "minutes": 45,
        "room_minutes": 60,
        "mode": "remote",
    }
    return Place(**found | changes)


def book(
    by: str | None = "ana",
    at: datetime = AT,
    arrangements: tuple[str, ...] = (),
    **changes: Any,
) -> BookViva:
    return BookViva(
        participant_id=by,
        place=place(**changes),
        arrangements=arrangements,
        terms=TERMS,
        at=at,
    )


_APPOINTMENT: dict[str, Any] = {
    **WHOSE,
    "number": 1,
    "sequence": 0,
    "round_id": "june",
    "slot_id": "s1",
    "starts_at": STARTS_AT,
    "minutes": 45,
    "room_minutes": 60,
    "extra_minutes": 0,
    "arrangements": (),
    "mode": "remote",
    "occurred_at": AT,
}


def reminded(**changes: Any) -> ReminderDue:
    told: dict[str, Any] = {
        **WHOSE,
        "number": 1,
        "round_id": "june",
        "closes_on": date(2026, 6, 3),
        "days_left": 7,
        "mark_days": 7,
        "occurred_at": datetime(2026, 5, 27, 9, tzinfo=UTC),
    }
    return ReminderDue(**told | changes)


def booked(**changes: Any) -> Booked:
    return Booked(**_APPOINTMENT | changes)


def moved(**changes: Any) -> Moved:
    return Moved(**_APPOINTMENT | {"sequence": 1} | changes)


def judge(
    by: Member = LENA,
    verdict: Verdict = "passed",
    *,
    other: Member | None = HUGO,
    at: datetime = AFTER,
) -> GiveVerdict:
    return GiveVerdict(
        by=by,
        other=other,
        verdict=verdict,
        notes=sealed(),
        terms=TERMS,
        conferral=CONFERRAL,
        at=at,
    )


def held(number: int = 1) -> Held:
    return Held(
        case_id="case-1",
        number=number,
        lead_id="lena",
        head_id="hugo",
        occurred_at=AFTER,
    )


def judged(
    by: str = "lena", verdict: Verdict = "passed", number: int = 1
) -> VerdictGiven:
    return VerdictGiven(
        case_id="case-1",
        number=number,
        panellist_id=by,
        verdict=verdict,
        notes=sealed(),
        occurred_at=AFTER,
    )


def disagreed() -> PanelDisagreed:
    return PanelDisagreed(case_id="case-1", number=1, occurred_at=AFTER)


def settle(by: Member = LUIS, verdict: Verdict = "passed") -> SettleDifference:
    return SettleDifference(
        by=by,
        verdict=verdict,
        notes=sealed(),
        terms=TERMS,
        conferral=CONFERRAL,
        at=AFTER,
    )


def settled(by: str = "luis", verdict: Verdict = "passed") -> DifferenceSettled:
    return DifferenceSettled(
        case_id="case-1",
        number=1,
        settled_by=by,
        verdict=verdict,
        notes=sealed(),
        occurred_at=AFTER,
    )


def passed(*took_part: str) -> Passed:
    everybody = took_part or ("hugo", "lena")
    return Passed(**WHOSE, number=1, took_part=everybody, occurred_at=AFTER)


def not_passed(*took_part: str, number: int = 1, last: bool = False) -> NotPassed:
    everybody = took_part or ("hugo", "lena")
    return NotPassed(
        **WHOSE, number=number, last=last, took_part=everybody, occurred_at=AFTER
    )


def awarded(*took_part: str, at: datetime = AFTER, **changes: Any) -> AwardConferred:
    known: dict[str, Any] = {
        key: _ABOUT[key]
        for key in (
            "case_id",
            "participant_id",
            "cohort_id",
            "programme",
            "programme_version",
            "policy_version",
        )
    }
    return AwardConferred(
        **known | changes,
        award_id=CONFERRAL.award_id,
        status=CONFERRAL.status,
        grade=CONFERRAL.grade,
        post_nominals=CONFERRAL.post_nominals,
        has_certificate=CONFERRAL.has_certificate,
        took_part=took_part,
        occurred_at=at,
    )


READY = (heard(), offered(), appointed(), booked())
"""A viva with a panel and a time."""

ONE_VERDICT = (*READY, held(), judged())

SECOND = (
    *READY,
    held(),
    judged("lena", "not_passed"),
    judged("hugo", "not_passed"),
    not_passed(),
    offered(2, AFTER),
)
"""Not passed, and offered once more."""
