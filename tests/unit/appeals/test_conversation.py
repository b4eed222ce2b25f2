"""The conversation after a CNM."""

from datetime import UTC, datetime, timedelta

import pytest

from services.appeals.domain.conversation.commands import (
    BookConversation,
    CancelConversation,
    OfferConversation,
    OfferTimes,
    RecordConversation,
)
from services.appeals.domain.conversation.decide import (
    CaseOnHoldError,
    ConversationOverError,
    NotYetHeldError,
    TimeNotOfferedError,
    TimePastError,
    UnknownConversationError,
    conversation,
)
from services.appeals.domain.conversation.events import (
    ConversationBooked,
    ConversationCancelled,
    ConversationHeld,
    ConversationOffered,
    ConversationTimesOffered,
)
from tests.support.specification import Scenario

spec = Scenario(conversation)
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
MONDAY = datetime(2026, 4, 13, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
OFFER = OfferConversation(
    case_id="case-1", attempt=1, participant_id="ana", minutes=30, at=NOW
)
OFFERED = ConversationOffered(
    case_id="case-1", attempt=1, participant_id="ana", minutes=30, occurred_at=NOW
)
TIMES = ConversationTimesOffered(
    case_id="case-1", attempt=1, times=(MONDAY, TUESDAY), by="olga", occurred_at=NOW
)
HELD = ConversationHeld(case_id="case-1", attempt=1, by="olga", occurred_at=MONDAY)
CANCELLED = ConversationCancelled(case_id="case-1", attempt=1, occurred_at=NOW)


def times(*moments: datetime, is_on_hold: bool = False) -> OfferTimes:
    return OfferTimes(times=moments, by="olga", is_on_hold=is_on_hold, at=NOW)


def book(starts_at: datetime = MONDAY, **changes: object) -> BookConversation:
    asked = {"by": "ana", "starts_at": starts_at, "at": NOW} | changes
    return BookConversation(**asked)  # type: ignore[arg-type]


def booked(starts_at: datetime = MONDAY, sequence: int = 0) -> ConversationBooked:
    return ConversationBooked(
        case_id="case-1",
        attempt=1,
        participant_id="ana",
        sequence=sequence,
        starts_at=starts_at,
        minutes=30,
        occurred_at=NOW,
    )


class TestConversation:
    """Source: S2 6.2.1, S0: a CNM gives a 30-minute conversation."""

    def test_is_offered_once(self) -> None:
        spec.given().when(OFFER).then(OFFERED)
        spec.given(OFFERED).when(OFFER).then_nothing()

    def test_has_times_that_staff_offer(self) -> None:
        spec.given(OFFERED).when(times(TUESDAY, MONDAY, MONDAY)).then(TIMES)
        spec.given(OFFERED, TIMES).when(times(MONDAY, TUESDAY)).then_nothing()

    def test_has_no_times_in_the_past(self) -> None:
        spec.given(OFFERED).when(times(NOW)).then_refused(TimePastError)

    def test_is_booked_at_an_offered_time(self) -> None:
        spec.given(OFFERED, TIMES).when(book()).then(booked())
        spec.given(OFFERED, TIMES, booked()).when(book()).then_nothing()

    def test_counts_its_changes_for_the_calendar(self) -> None:
        """Source: RFC 5545, section 3.8.7.4: SEQUENCE."""
        after = spec.given(OFFERED, TIMES, booked())
        after.when(book(TUESDAY)).then(booked(TUESDAY, sequence=1))

    def test_is_not_booked_at_another_time(self) -> None:
        asked = book(MONDAY + timedelta(hours=1))
        refused = (
            spec.given(OFFERED, TIMES).when(asked).then_refused(TimeNotOfferedError)
        )
        assert refused.context["times"] == [MONDAY.isoformat(), TUESDAY.isoformat()]

    def test_is_not_booked_at_a_time_that_is_past(self) -> None:
        asked = book(MONDAY, at=MONDAY)
        spec.given(OFFERED, TIMES).when(asked).then_refused(TimePastError)

    def test_is_not_booked_by_anybody_else(self) -> None:
        asked = spec.given(OFFERED, TIMES).when(book(by="zoe"))
        asked.then_refused(UnknownConversationError)

    def test_is_neither_offered_nor_booked_while_the_case_is_on_hold(self) -> None:
        """Source: domain.md section 3: a case can be stopped and restarted."""
        offered = spec.given(OFFERED, TIMES)
        offered.when(book(is_on_hold=True)).then_refused(CaseOnHoldError)
        offered.when(times(MONDAY, is_on_hold=True)).then_refused(CaseOnHoldError)

    def test_says_nothing_of_a_hold_to_anybody_else(self) -> None:
        """Source: domain.md section 1: nothing of another participant."""
        asked = spec.given(OFFERED, TIMES).when(book(by="zoe", is_on_hold=True))
        asked.then_refused(UnknownConversationError)

    def test_is_held_once_it_has_begun(self) -> None:
        after = spec.given(OFFERED, TIMES, booked())
        early = RecordConversation(by="olga", at=MONDAY - timedelta(seconds=1))
        after.when(early).then_refused(NotYetHeldError)
        then = RecordConversation(by="olga", at=MONDAY)
        after.when(then).then(HELD)
        spec.given(OFFERED, TIMES, booked(), HELD).when(then).then_nothing()

    def test_is_not_held_without_a_booking(self) -> None:
        record = RecordConversation(by="olga", at=TUESDAY)
        spec.given(OFFERED, TIMES).when(record).then_refused(NotYetHeldError)

    def test_is_cancelled_by_a_withdrawal(self) -> None:
        cancel = CancelConversation(at=NOW)
        spec.given(OFFERED).when(cancel).then(CANCELLED)
        spec.given(OFFERED, CANCELLED).when(cancel).then_nothing()
        spec.given().when(cancel).then_nothing()
        spec.given(OFFERED, TIMES, booked(), HELD).when(cancel).then_nothing()

    @pytest.mark.parametrize("command", [times(MONDAY), book()])
    def test_changes_no_more_when_it_is_over(self, command: object) -> None:
        for end in (HELD, CANCELLED):
            after = spec.given(OFFERED, TIMES, booked(), end)
            after.when(command).then_refused(ConversationOverError)

    def test_exists_only_after_a_cnm(self) -> None:
        spec.given().when(book()).then_refused(UnknownConversationError)
