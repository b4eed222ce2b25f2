"""When a viva may be, and who may say so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.viva.domain.booking import given_up
from services.viva.domain.days import closes_at, earliest_start
from services.viva.domain.events import AdjustmentNoted, OfferWithdrawn
from services.viva.domain.refusals import (
    AlreadyDecidedError,
    AlreadyHeldError,
    NotOfferedError,
    NotRemoteError,
    NotYourVivaError,
    OwnCaseError,
    RoundNotOpenToCaseError,
    SameRoundError,
    SlotPastError,
    SlotTooShortError,
    TooLateError,
    UnknownVivaError,
)
from tests.unit.viva.examples import (
    AT,
    ONE_VERDICT,
    SECOND,
    STARTS_AT,
    VIVA,
    WHOSE,
    adjust,
    adjusted,
    awarded,
    book,
    booked,
    heard,
    moved,
    offered,
    tied,
    withdrawn,
)

OFFERED = (heard(), offered())
BOOKED = (*OFFERED, booked())
LAST_MOMENT = datetime(2026, 6, 3, 23, tzinfo=UTC)
"""24:00 in London, seven days before 10 June."""
LATER = STARTS_AT + timedelta(days=30)


class TestBookViva:
    def test_gives_the_viva_a_time(self) -> None:
        """Source: domain.md section 1: the participant books the viva."""
        VIVA.given(*OFFERED).when(book()).then(booked())

    def test_is_done_once(self) -> None:
        VIVA.given(*BOOKED).when(book()).then_nothing()

    def test_moves_it_and_counts_the_sequence_up(self) -> None:
        """Source: RFC 5545, section 3.8.7.4; domain.md section 5."""
        VIVA.given(*BOOKED).when(book(slot_id="s2", mode="in_person")).then(
            moved(slot_id="s2", mode="in_person")
        )

    def test_counts_the_sequence_over_both_vivas(self) -> None:
        """Source: RFC 5545, section 3.8.7.4."""
        VIVA.given(*SECOND).when(book(round_id="autumn", starts_at=LATER)).then(
            booked(number=2, sequence=1, round_id="autumn", starts_at=LATER)
        )

    def test_refuses_another_participant(self) -> None:
        """Source: domain.md section 1: nothing of another participant."""
        VIVA.given(*OFFERED).when(book("bea")).then_refused(NotYourVivaError)

    @pytest.mark.parametrize(
        ("history", "error"),
        [
            ((), UnknownVivaError),
            ((heard(outcome="CNM"),), NotOfferedError),
            ((*OFFERED, withdrawn()), NotOfferedError),
            (ONE_VERDICT, AlreadyHeldError),
            ((heard(), awarded()), AlreadyDecidedError),
        ],
        ids=["unknown", "CNM", "withdrawn", "held", "awarded"],
    )
    def test_needs_an_offer_that_stands(
        self, history: tuple[object, ...], error: type[NotOfferedError]
    ) -> None:
        """Source: domain.md section 3."""
        VIVA.given(*history).when(book()).then_refused(error)

    def test_can_be_done_until_the_end_of_the_last_day(self) -> None:
        """Seven days before (P); a date ends at 24:00 in London."""
        just_in_time = LAST_MOMENT - timedelta(microseconds=1)
        VIVA.given(*OFFERED).when(book(at=just_in_time)).then(
            booked(occurred_at=just_in_time)
        )
        VIVA.given(*OFFERED).when(book(at=LAST_MOMENT)).then_refused(TooLateError)

    def test_cannot_be_moved_away_too_late(self) -> None:
        """Source: (P), seven days before the time that is given up."""
        command = book(at=LAST_MOMENT, slot_id="s2", starts_at=LATER)
        VIVA.given(*BOOKED).when(command).then_refused(TooLateError)

    def test_can_be_moved_by_operations_at_any_time(self) -> None:
        """By prior arrangement with the office. Source: S2 6.2.2."""
        missed = STARTS_AT + timedelta(days=1)
        VIVA.given(*BOOKED).when(
            book(None, at=missed, slot_id="s2", starts_at=LATER)
        ).then(moved(slot_id="s2", starts_at=LATER, occurred_at=missed))

    def test_refuses_a_slot_that_has_begun(self) -> None:
        command = book(None, at=STARTS_AT)
        VIVA.given(*OFFERED).when(command).then_refused(SlotPastError)

    @pytest.mark.parametrize(
        "elsewhere", [{"programme": "QTLS"}, {"cohorts": ("ats-2024-10",)}]
    )
    def test_refuses_a_round_for_others(self, elsewhere: dict[str, Any]) -> None:
        """Source: domain.md section 3 (P): a round is for a programme or cohort."""
        command = book(**elsewhere)
        VIVA.given(*OFFERED).when(command).then_refused(RoundNotOpenToCaseError)

    def test_takes_a_round_for_the_cohort(self) -> None:
        VIVA.given(*OFFERED).when(book(cohorts=("ats-2025-10",))).then(booked())

    def test_needs_the_next_round_for_the_second_viva(self) -> None:
        """Source: domain.md section 3: one more viva in the next round (P)."""
        VIVA.given(*SECOND).when(book(starts_at=LATER)).then_refused(SameRoundError)

    def test_takes_as_long_as_was_agreed(self) -> None:
        """Source: S2 3.1.1, 6.2.2: an adjustment is applied to scheduling."""
        VIVA.given(*OFFERED, adjusted(15)).when(book()).then(
            booked(minutes=60, extra_minutes=15)
        )

    def test_refuses_a_slot_without_room_for_what_was_agreed(self) -> None:
        """Source: S2 3.1.1, 6.2.2."""
        VIVA.given(*OFFERED, adjusted(30)).when(book()).then_refused(SlotTooShortError)

    def test_applies_what_was_arranged(self) -> None:
        """Source: domain.md section 3: applied automatically to scheduling."""
        arranged = ("extra_time", "interpreter")
        VIVA.given(*OFFERED).when(book(arrangements=arranged)).then(
            booked(minutes=60, extra_minutes=15, arrangements=arranged)
        )

    def test_refuses_a_slot_without_room_for_what_was_arranged(self) -> None:
        """Source: S2 3.1.1, 6.2.2; the minutes are ours (P)."""
        command = book(arrangements=("extra_time", "rest_breaks"))
        VIVA.given(*OFFERED).when(command).then_refused(SlotTooShortError)

    def test_takes_the_minutes_of_the_office_instead(self) -> None:
        """Source: S2 6.2.2: by prior arrangement."""
        command = book(arrangements=("extra_time", "rest_breaks"))
        VIVA.given(*OFFERED, adjusted(5)).when(command).then(
            booked(
                minutes=50,
                extra_minutes=5,
                arrangements=("extra_time", "rest_breaks"),
            )
        )

    def test_applies_what_was_arranged_after_the_booking(self) -> None:
        """Booked again in the same slot, by operations."""
        command = book(None, arrangements=("extra_time",))
        VIVA.given(*BOOKED).when(command).then(
            moved(minutes=60, extra_minutes=15, arrangements=("extra_time",))
        )

    def test_is_remote_where_that_was_arranged(self) -> None:
        """Source: S2 3.1.1, 6.2.2."""
        remote = ("remote",)
        VIVA.given(*OFFERED).when(
            book(arrangements=remote, mode="in_person")
        ).then_refused(NotRemoteError)
        VIVA.given(*OFFERED).when(book(arrangements=remote)).then(
            booked(arrangements=remote)
        )


class TestNoteAdjustment:
    def test_is_noted_as_soon_as_the_case_is_known(self) -> None:
        """Source: S2 3.1.1: asked for before the programme starts."""
        VIVA.given(tied("ben")).when(adjust(15)).then(adjusted(15))

    def test_lengthens_what_is_booked(self) -> None:
        """Source: domain.md section 3: applied automatically to scheduling."""
        VIVA.given(*BOOKED).when(adjust(15)).then(
            adjusted(15), moved(minutes=60, extra_minutes=15)
        )

    def test_is_for_a_colleague_of_who_is_the_participant(self) -> None:
        """Source: domain.md section 1: the office decides about others."""
        own = replace(adjust(15), by="ana")
        VIVA.given(*BOOKED).when(own).then_refused(OwnCaseError)

    def test_leaves_a_time_alone_that_is_past(self) -> None:
        """Source: domain.md section 5: no letter about what is over."""
        VIVA.given(*BOOKED).when(adjust(15, at=STARTS_AT)).then(
            AdjustmentNoted(extra_minutes=15, noted_by="olga", occurred_at=STARTS_AT)
        )

    def test_shortens_it_again(self) -> None:
        long = booked(minutes=60, extra_minutes=15)
        VIVA.given(*OFFERED, adjusted(15), long).when(adjust(0)).then(
            adjusted(0), moved(minutes=45)
        )

    def test_refuses_what_the_slot_has_no_room_for(self) -> None:
        VIVA.given(*BOOKED).when(adjust(30)).then_refused(SlotTooShortError)

    def test_is_done_once(self) -> None:
        VIVA.given(*BOOKED, adjusted(15)).when(adjust(15)).then_nothing()

    def test_refuses_a_case_that_nobody_knows(self) -> None:
        VIVA.given().when(adjust(15)).then_refused(UnknownVivaError)

    def test_refuses_what_comes_after_the_viva(self) -> None:
        """Source: S2 6.2.2: by prior arrangement."""
        VIVA.given(*ONE_VERDICT).when(adjust(15)).then_refused(AlreadyHeldError)


class TestClosesAt:
    @pytest.mark.parametrize(
        ("starts_at", "closes"),
        [
            ((2026, 6, 10, 9), (2026, 6, 3, 23)),
            ((2026, 1, 15, 9), (2026, 1, 9, 0)),
            ((2026, 4, 1, 9), (2026, 3, 26, 0)),
            ((2026, 10, 28, 9), (2026, 10, 21, 23)),
            ((2026, 6, 10, 23, 30), (2026, 6, 4, 23)),
        ],
        ids=["summer", "winter", "over March", "over October", "after 24:00 there"],
    )
    def test_is_midnight_in_london(
        self, starts_at: tuple[int, ...], closes: tuple[int, ...]
    ) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""
        at = datetime(*starts_at, tzinfo=UTC)  # type: ignore[arg-type, misc]
        expected = datetime(*closes, tzinfo=UTC)  # type: ignore[arg-type, misc]
        assert closes_at(at, days=7) == expected


class TestEarliestStart:
    @given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001
    def test_is_the_first_that_can_be_chosen(self, naive: datetime) -> None:
        """Source: (P), seven days before; both follow the days of London."""
        at = naive.replace(tzinfo=UTC)
        first = earliest_start(at, days=7)
        assert closes_at(first, days=7) > at
        assert closes_at(first - timedelta(microseconds=1), days=7) <= at


class TestGivenUp:
    """A slot that is not needed is free for others in the same unit of work (P)."""

    def test_is_the_time_of_an_offer_that_ends(self) -> None:
        case = VIVA.state(*BOOKED)
        withdrawn_offer = OfferWithdrawn(**WHOSE, number=1, occurred_at=AT)
        assert given_up(case, [withdrawn_offer]) == booked()
        assert given_up(case, [withdrawn()]) == booked()

    def test_is_the_time_that_was_moved_away_from(self) -> None:
        case = VIVA.state(*BOOKED)
        assert given_up(case, [moved(slot_id="s2")]) == booked()
        assert given_up(case, [moved(minutes=60)]) is None

    def test_is_nothing_where_nothing_was_booked_or_it_was_held(self) -> None:
        assert given_up(VIVA.state(*OFFERED), [withdrawn()]) is None
        assert given_up(VIVA.state(*ONE_VERDICT), [withdrawn()]) is None
        assert given_up(VIVA.state(*BOOKED), []) is None
