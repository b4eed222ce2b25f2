"""What goes out, what lists show, what the programme file and the calendar say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import asyncpg
import pytest

from services.appeals.api.asking import AppealItem, is_late
from services.appeals.app import CODEC
from services.appeals.clocks import record_overdue
from services.appeals.domain.conversation import events as talks
from services.appeals.domain.events import (
    AppealFact,
    ClockRestarted,
    ClockStopped,
    Discontinued,
    Dismissed,
    FellOverdue,
    FreshReviewOrdered,
    Upheld,
)
from services.appeals.handlers import Answering
from services.appeals.handlers.terms import calendar_of, terms_of
from services.appeals.outgoing import to_public
from services.appeals.read_models.appeals import AppealRow, appeal_of, follow_appeal
from services.appeals.read_models.conversations import (
    ConversationRow,
    conversation_of,
    follow_conversation,
)
from shared.contracts import appeals as messages
from shared.database import Pool
from shared.errors import BadInputError, UnavailableError
from shared.eventlog import StoredEvent
from shared.london import end_of
from shared.programmes import programmes
from tests.support.stored import stored as as_stored
from tests.unit.appeals.examples import (
    APPEAL,
    ASKED_AT,
    CASE,
    EASTER_2026,
    EXPLAIN_BY,
    HEARD_AT,
    LODGE_BY,
    appeal_opened,
    appointed,
    bonds_noted,
    decision_noted,
    explained,
    hold,
    lodged,
    lodged_about_support,
    part_noted,
    requested,
    sealed,
    terms_noted,
    withdrawal,
)
from tests.unit.appeals.test_casefile import TestHearer as Nora
from tests.unit.appeals.test_conversation import (
    CANCELLED,
    HELD,
    MONDAY,
    OFFERED,
    TIMES,
    booked,
)

IDS: dict[str, Any] = {"appeal_id": APPEAL, "case_id": CASE, "occurred_at": HEARD_AT}
PANEL: dict[str, Any] = {
    "participant_id": "ana",
    "by": "nora",
    "members": ("nora", "omar", "pia"),
    "reasons": sealed("reasons"),
}
UPHELD = Upheld(**IDS, **PANEL, remedy="other")
DISMISSED = Dismissed(**IDS, **PANEL)
STAFF = ("nora", "omar", "pia", "olga", "rita", "mo")


def stored(fact: AppealFact) -> StoredEvent:
    return as_stored(CODEC, fact, f"appeal-{APPEAL}")


class TestToPublic:
    """Source: domain.md section 4: the same, by opaque ids; reasons stay sealed."""

    @pytest.mark.parametrize(
        "fact",
        [
            OFFERED,
            booked(),
            requested(),
            explained(),
            lodged(),
            lodged_about_support(),
            UPHELD,
            DISMISSED,
        ],
    )
    def test_tells_the_fact_and_names_nobody_of_the_staff(
        self, fact: AppealFact
    ) -> None:
        message = to_public(fact, stored(fact))
        assert message is not None
        assert message.model_dump()["type"] == f"{fact.type}.v1"
        assert message.key == CASE
        text = message.model_dump_json()
        assert [staff for staff in STAFF if f'"{staff}"' in text] == []

    def test_tells_who_hears_an_appeal(self) -> None:
        """Source: domain.md section 1: they can have no other part in the case."""
        fact = appointed("nora", "omar", "pia")
        assert to_public(fact, stored(fact)) == messages.HearingPanelAppointed(
            case_id=CASE, appeal_id=APPEAL, members=("nora", "omar", "pia")
        )

    def test_tells_a_fresh_review_and_whom_it_excludes(self) -> None:
        fact = FreshReviewOrdered(
            **IDS, participant_id="ana", attempt=1, excluded=("mo", "nora", "rita")
        )
        assert to_public(fact, stored(fact)) == messages.FreshReviewOrdered(
            case_id=CASE,
            participant_id="ana",
            appeal_id=APPEAL,
            attempt=1,
            excluded=("mo", "nora", "rita"),
            ordered_at=HEARD_AT,
        )

    @pytest.mark.parametrize(
        "fact",
        [
            TIMES,
            HELD,
            CANCELLED,
            ClockStopped(**IDS, hold_id="h1"),
            FellOverdue(**IDS, what="explanation", due_on=EXPLAIN_BY),
            Discontinued(**IDS),
            terms_noted(),
            bonds_noted(),
            part_noted("rita"),
            decision_noted(),
            hold("h1", ASKED_AT),
            withdrawal(),
            appeal_opened(),
            Nora.NOTED,
        ],
    )
    def test_keeps_everything_else(self, fact: AppealFact) -> None:
        assert to_public(fact, stored(fact)) is None


def row_after(*facts: AppealFact) -> AppealRow:
    row: AppealRow | None = None
    for fact in facts:
        assert appeal_of(fact, stored(fact)) == APPEAL
        row = follow_appeal(row, fact, stored(fact))
    assert row is not None
    return row


class TestAppealRow:
    """Source: AP 4.1 to 4.4; S2 9.1: what is due, until when."""

    def test_shows_what_is_due_next(self) -> None:
        steps = (requested(), explained(), lodged(), appointed(), UPHELD)
        rows = [row_after(*steps[: n + 1]) for n in range(len(steps))]
        assert [(row.state, row.due_on) for row in rows] == [
            ("asked", EXPLAIN_BY),
            ("explained", LODGE_BY),
            ("lodged", None),
            ("lodged", None),
            ("upheld", None),
        ]
        assert (rows[-1].members, rows[-1].remedy) == (["nora", "omar", "pia"], "other")

    def test_shows_the_response_that_is_due_about_support(self) -> None:
        row = row_after(lodged_about_support())
        assert (row.state, row.against, row.due_on) == (
            "lodged",
            "support",
            date(2026, 4, 21),
        )
        assert row_after(lodged_about_support(), DISMISSED).state == "dismissed"

    def test_is_late_from_the_end_of_the_last_day(self) -> None:
        row = row_after(requested())
        end = end_of(EXPLAIN_BY)
        assert not is_late(row, end.replace(minute=0) - (end - ASKED_AT) / 1000)
        assert is_late(row, end)
        assert AppealItem.of(row, end).is_late

    def test_is_not_late_while_its_clock_stands(self) -> None:
        stopped = row_after(requested(), ClockStopped(**IDS, hold_id="h1"))
        assert not is_late(stopped, HEARD_AT)
        moved = ClockRestarted(
            **IDS, hold_id="h1", due_on=date(2026, 5, 20), is_stopped=False
        )
        row = row_after(requested(), ClockStopped(**IDS, hold_id="h1"), moved)
        assert (row.due_on, row.is_stopped) == (date(2026, 5, 20), False)

    def test_remembers_which_last_day_passed(self) -> None:
        overdue = FellOverdue(**IDS, what="explanation", due_on=EXPLAIN_BY)
        assert row_after(requested(), overdue).overdue_on == EXPLAIN_BY

    def test_ends_with_a_withdrawal(self) -> None:
        row = row_after(requested(), Discontinued(**IDS))
        assert (row.state, row.due_on) == ("discontinued", None)

    def test_is_not_made_of_what_is_noted_of_a_case(self) -> None:
        part = part_noted("nora", part="appeal_panel", appeal_id=APPEAL)
        assert appeal_of(part, stored(part)) is None


class TestConversationRow:
    """Source: S2 6.2.1, S0."""

    def test_follows_the_conversation(self) -> None:
        row: ConversationRow | None = None
        states = []
        facts: tuple[talks.ConversationEvent, ...] = (OFFERED, TIMES, booked(), HELD)
        for fact in facts:
            assert conversation_of(fact, stored(fact)) == "case-1.1"
            row = follow_conversation(row, fact, stored(fact))
            assert row is not None
            states.append((row.state, row.starts_at))
        assert states == [
            ("offered", None),
            ("offered", None),
            ("booked", MONDAY),
            ("held", MONDAY),
        ]


@dataclass(frozen=True, slots=True)
class Pinned:
    programme: str
    programme_version: str
    policy_version: str


class TestTermsOf:
    """Source: domain.md section 2: data, not code; pinned by version."""

    @pytest.mark.parametrize("programme", programmes(), ids=lambda each: each.code)
    def test_are_those_of_every_programme(self, programme: Any) -> None:
        terms = terms_of(
            Pinned(
                programme.code, programme.programme_version, programme.policy_version
            )
        )
        assert (
            terms.ask_explanation_working_days,
            terms.give_explanation_working_days,
            terms.lodge_working_days,
            terms.answer_about_support_working_days,
            terms.conversation_minutes,
        ) == (10, 5, 10, 10, 30)
        assert "procedural-error" in terms.grounds


class TestCalendarOf:
    """Source: architecture.md: the bank holidays are pinned by the policy version."""

    def test_has_easter_and_days_in_lieu(self) -> None:
        calendar = calendar_of("england", 2025)
        assert set(EASTER_2026) <= set(calendar.bank_holidays)
        assert date(2026, 12, 28) in calendar.bank_holidays
        assert (calendar.first_year, calendar.last_year) == (2025, 2034)

    def test_has_no_holidays_of_scotland(self) -> None:
        assert date(2026, 1, 2) not in calendar_of("england", 2025).bank_holidays

    def test_has_each_day_once_in_order(self) -> None:
        days = calendar_of("england", 2025).bank_holidays
        assert list(days) == sorted(set(days))


class Due:
    """A pool that finds three late answers."""

    async def fetch(self, *_: object) -> list[dict[str, Any]]:
        return [
            {"appeal_id": f"case-{number}.1", "due_on": EXPLAIN_BY}
            for number in range(3)
        ]


class Recording:
    """Records late answers, except the one that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.recorded: list[str] = []

    async def fall_overdue(self, appeal_id: str, **_: object) -> None:
        if appeal_id == "case-1.1":
            raise self.error
        self.recorded.append(appeal_id)


async def record_with(recording: Recording) -> int:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    return await record_overdue(
        cast(Answering, recording), cast(Pool, Due()), lambda: now
    )


class TestRecordOverdue:
    """Source: house-style.md: no silence, and what fails keeps nobody else."""

    @pytest.mark.parametrize("error", [BadInputError(), RuntimeError("unforeseen")])
    async def test_goes_on_after_one_that_fails(self, error: Exception) -> None:
        recording = Recording(error)
        assert await record_with(recording) == 2
        assert recording.recorded == ["case-0.1", "case-2.1"]

    @pytest.mark.parametrize(
        "error", [UnavailableError(), asyncpg.CannotConnectNowError()]
    )
    async def test_stops_when_all_would_fail(self, error: Exception) -> None:
        recording = Recording(error)
        with pytest.raises(type(error)):
            await record_with(recording)
        assert recording.recorded == ["case-0.1"]
