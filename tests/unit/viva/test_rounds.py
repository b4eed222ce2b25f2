"""Rounds of vivas: what operations may offer, and one case for each slot."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.viva.domain.round.commands import (
    FreeSlot,
    OpenRound,
    RoundLimits,
    TakeSlot,
)
from services.viva.domain.round.decide import (
    MinutesOutOfRangeError,
    NoVivaError,
    OpenedDifferentlyError,
    OutsideRoundMonthsError,
    SlotNotUsableError,
    SlotRepeatedError,
    SlotTakenError,
    UnknownRoundError,
    UnknownSlotError,
    round_,
)
from services.viva.domain.round.events import RoundOpened, Slot, SlotFreed, SlotTaken
from shared.errors import ServiceError
from tests.support.specification import Scenario
from tests.unit.viva.examples import AT, STARTS_AT

ROUND = Scenario(round_)
LIMITS = RoundLimits(
    minutes_at_least=45,
    minutes_at_most=60,
    modes=("in_person", "remote"),
    months=(2, 6, 11),
)


def slot(slot_id: str = "s1", **changes: Any) -> Slot:
    values = {"starts_at": STARTS_AT, "room_minutes": 60, "mode": "remote"}
    return Slot.model_validate({"slot_id": slot_id} | values | changes)


SLOTS = (slot(), slot("s2", mode="in_person"))
_ROUND: dict[str, Any] = {
    "round_id": "june",
    "programme": "ATS",
    "cohorts": ("ats-2025-10",),
    "minutes": 45,
    "slots": SLOTS,
}


def open_round(**changes: Any) -> OpenRound:
    asked = {"limits": LIMITS, "by": "olga", "at": AT}
    return OpenRound(**_ROUND | asked | changes)


OPENED = RoundOpened(**_ROUND, opened_by="olga", occurred_at=AT)


def take(case_id: str = "case-1", slot_id: str = "s1") -> TakeSlot:
    return TakeSlot(slot_id=slot_id, case_id=case_id, at=AT)


def taken(case_id: str = "case-1") -> SlotTaken:
    return SlotTaken(round_id="june", slot_id="s1", case_id=case_id, occurred_at=AT)


def free(case_id: str = "case-1") -> FreeSlot:
    return FreeSlot(slot_id="s1", case_id=case_id, at=AT)


FREED = SlotFreed(round_id="june", slot_id="s1", case_id="case-1", occurred_at=AT)


class TestOpenRound:
    def test_offers_slots_in_person_and_remote(self) -> None:
        """Source: S0, S1."""
        ROUND.given().when(open_round()).then(OPENED)

    def test_is_done_once(self) -> None:
        ROUND.given(OPENED).when(open_round(by="oskar")).then_nothing()

    def test_refuses_other_slots_under_the_same_id(self) -> None:
        ROUND.given(OPENED).when(open_round(slots=(slot(),))).then_refused(
            OpenedDifferentlyError
        )

    @pytest.mark.parametrize("minutes", [44, 61])
    def test_refuses_vivas_out_of_range(self, minutes: int) -> None:
        """Source: S0, S1: 45-60 minutes."""
        longer = (slot(room_minutes=90),)
        command = open_round(minutes=minutes, slots=longer)
        ROUND.given().when(command).then_refused(MinutesOutOfRangeError)

    @pytest.mark.parametrize("minutes", [45, 60])
    def test_takes_both_ends_of_the_range(self, minutes: int) -> None:
        """Source: S0, S1: 45-60 minutes."""
        facts = ROUND.given().when(open_round(minutes=minutes)).decide()
        assert [fact.minutes for fact in facts] == [minutes]

    @pytest.mark.parametrize(
        "wrong",
        [{"room_minutes": 44}, {"starts_at": AT}, {"starts_at": AT - timedelta(1)}],
        ids=["too short", "now", "past"],
    )
    def test_refuses_slots_that_nobody_can_use(self, wrong: dict[str, Any]) -> None:
        command = open_round(slots=(slot(), slot("s2", **wrong)))
        refused = ROUND.given().when(command).then_refused(SlotNotUsableError)
        assert refused.context["slots"] == ["s2"]

    def test_refuses_a_mode_that_the_programme_has_not(self) -> None:
        """Source: S0, S1."""
        limits = replace(LIMITS, modes=("remote",))
        refused = (
            ROUND.given()
            .when(open_round(limits=limits))
            .then_refused(SlotNotUsableError)
        )
        assert refused.context["slots"] == ["s2"]

    def test_refuses_an_id_twice(self) -> None:
        ROUND.given().when(open_round(slots=(slot(), slot()))).then_refused(
            SlotRepeatedError
        )

    def test_is_refused_for_a_programme_without_viva(self) -> None:
        """Source: domain.md section 2: whether there is a viva is a setting."""
        ROUND.given().when(open_round(limits=None)).then_refused(NoVivaError)


class TestRoundMonths:
    """Source: domain.md section 3 (P): vivas are held in rounds; months: the policy."""

    JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)

    def test_refuse_a_time_in_another_month(self) -> None:
        """Source: domain.md section 3 (P); months: the policy."""
        slots = (slot(), slot("s2", starts_at=self.JULY))
        refused = (
            ROUND.given()
            .when(open_round(slots=slots))
            .then_refused(OutsideRoundMonthsError)
        )
        assert refused.context == {"slots": ["s2"], "months": [2, 6, 11]}

    @pytest.mark.parametrize(
        ("starts_at", "is_in_june"),
        [
            (datetime(2026, 5, 31, 22, 59, 59, tzinfo=UTC), False),
            (datetime(2026, 5, 31, 23, 0, tzinfo=UTC), True),
            (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), True),
            (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), False),
        ],
    )
    def test_are_months_in_london(self, starts_at: datetime, is_in_june: bool) -> None:  # noqa: FBT001 - a parameter of a test
        """Source: architecture.md: a date ends at 24:00 in London, exclusive."""
        asked = ROUND.given().when(open_round(slots=(slot(starts_at=starts_at),)))
        if is_in_june:
            assert len(asked.decide()) == 1
        else:
            asked.then_refused(OutsideRoundMonthsError)

    def test_allow_an_extra_round_with_a_reason_on_record(self) -> None:
        """Source: domain.md section 3 (P); an extra round: our own default (P)."""
        because = "Eleven cases were released late."
        slots = (slot(starts_at=self.JULY),)
        command = open_round(slots=slots, extra_because=because)
        (fact,) = ROUND.given().when(command).decide()
        assert fact.extra_because == because

    def test_need_no_reason_inside_them(self) -> None:
        """Source: domain.md section 3 (P)."""
        command = open_round(extra_because="To be on the safe side.")
        ROUND.given().when(command).then(OPENED)


class TestTakeSlot:
    def test_gives_the_slot_to_one_case(self) -> None:
        ROUND.given(OPENED).when(take()).then(taken())

    def test_is_done_once(self) -> None:
        ROUND.given(OPENED, taken()).when(take()).then_nothing()

    def test_refuses_a_slot_that_somebody_has(self) -> None:
        """Two participants for the same slot: one gets it (P)."""
        ROUND.given(OPENED, taken()).when(take("case-2")).then_refused(SlotTakenError)

    def test_gives_a_slot_that_was_freed_to_the_next(self) -> None:
        ROUND.given(OPENED, taken(), FREED).when(take("case-2")).then(taken("case-2"))

    @pytest.mark.parametrize(
        ("history", "error"),
        [((), UnknownRoundError), ((OPENED,), UnknownSlotError)],
    )
    def test_refuses_what_there_is_not(
        self, history: tuple[object, ...], error: type[ServiceError]
    ) -> None:
        ROUND.given(*history).when(take(slot_id="s9")).then_refused(error)


class TestFreeSlot:
    def test_lets_others_have_it(self) -> None:
        ROUND.given(OPENED, taken()).when(free()).then(FREED)

    def test_changes_nothing_where_another_case_has_it(self) -> None:
        ROUND.given(OPENED, taken("case-2")).when(free()).then_nothing()
