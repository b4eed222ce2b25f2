"""Who has no time is reminded while one can still be chosen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.viva.domain.booking import ARRANGED_MINUTES
from services.viva.domain.commands import Place, Remind
from services.viva.domain.confirming import is_still_true
from services.viva.domain.events import VivaEvent
from services.viva.handlers import Reminding
from shared.contracts import viva as public
from tests.unit.viva.examples import (
    AT,
    READY,
    SECOND,
    STARTS_AT,
    TERMS,
    VIVA,
    adjusted,
    heard,
    lifted,
    offered,
    on_hold,
    place,
    reminded,
    withdrawn,
)
from tests.unit.viva.world import World, hold_placed, panellists, released

OFFER = (heard(), offered())
LAST_DAY = STARTS_AT - timedelta(days=7)
"""On which a time can be chosen: 3 June 2026."""


def remind(
    days_before: int = 7, *places: Place, at: datetime | None = None, **changes: Any
) -> Remind:
    asked: dict[str, Any] = {
        "round_id": "june",
        "opened_at": AT,
        "places": places or (place(),),
        "terms": TERMS,
        "at": at or LAST_DAY - timedelta(days=days_before),
    }
    return Remind(**asked | changes)


def due(days_left: int, mark_days: int, **changes: Any) -> VivaEvent:
    at = LAST_DAY - timedelta(days=days_left)
    told = {"days_left": days_left, "mark_days": mark_days, "occurred_at": at}
    return reminded(**told | changes)


class TestRemind:
    """Source: domain.md section 5, reminders; section 3 (P): at or before each mark."""

    @pytest.mark.parametrize(
        ("days_left", "mark_days"),
        [(14, 14), (13, 14), (8, 14), (7, 7), (3, 7), (2, 2), (1, 2), (0, 2)],
    )
    def test_is_due_at_or_before_each_mark(
        self, days_left: int, mark_days: int
    ) -> None:
        """Source: domain.md section 3 (P): 14, 7 and 2 days, never exactly on."""
        VIVA.given(*OFFER).when(remind(days_left)).then(due(days_left, mark_days))

    def test_is_not_due_before_the_first_mark_or_after_the_last_day(self) -> None:
        """Source: domain.md section 3 (P)."""
        VIVA.given(*OFFER).when(remind(15)).then_nothing()
        VIVA.given(*OFFER).when(remind(-1)).then_nothing()

    def test_comes_once_for_each_mark(self) -> None:
        """Source: domain.md section 3 (P)."""
        once = (*OFFER, due(14, 14))
        VIVA.given(*once).when(remind(9)).then_nothing()
        VIVA.given(*once).when(remind(7)).then(due(7, 7))
        VIVA.given(*OFFER, due(2, 2)).when(remind(7)).then_nothing()

    def test_comes_again_for_another_round(self) -> None:
        """Source: domain.md section 3 (P): vivas are held in rounds."""
        november = place(round_id="november", starts_at=STARTS_AT + timedelta(days=150))
        day = november.starts_at - timedelta(days=9)
        VIVA.given(*OFFER, due(2, 2)).when(
            remind(0, november, at=day, round_id="november")
        ).then(
            due(
                2,
                2,
                round_id="november",
                closes_on=(day + timedelta(days=2)).date(),
                occurred_at=day,
            )
        )

    def test_is_one_for_two_rounds_that_close_together(self) -> None:
        """Source: domain.md section 5 (P): one letter for one thing to do."""
        other = place(round_id="june-2", starts_at=STARTS_AT + timedelta(days=1))
        since = (*OFFER, due(7, 7))
        early = LAST_DAY - timedelta(days=3)
        VIVA.given(*since).when(
            remind(0, other, at=early, round_id="june-2")
        ).then_nothing()
        later = LAST_DAY - timedelta(days=2)
        VIVA.given(*since).when(remind(0, other, at=later, round_id="june-2")).then(
            due(
                3,
                7,
                round_id="june-2",
                closes_on=(LAST_DAY + timedelta(days=1)).date(),
                occurred_at=later,
            )
        )

    def test_ends_its_last_day_at_midnight_in_london(self) -> None:
        """Source: architecture.md: a date ends at 24:00 in London, exclusive."""
        last = datetime(2026, 6, 3, 22, 59, 59, tzinfo=UTC)
        (fact,) = VIVA.given(*OFFER).when(remind(at=last)).decide()
        assert fact.days_left == 0
        later = last + timedelta(seconds=1)
        VIVA.given(*OFFER).when(remind(at=later)).then_nothing()

    @pytest.mark.parametrize(
        "since",
        [
            READY,
            (*OFFER, on_hold()),
            (*OFFER, withdrawn()),
            (heard(outcome="CNM"),),
            SECOND,
        ],
        ids=["booked", "on hold", "withdrawn", "CNM", "not passed in this round"],
    )
    def test_is_for_those_who_can_choose_a_time_now(
        self, since: tuple[VivaEvent, ...]
    ) -> None:
        """Source: domain.md section 5: only what is still true."""
        VIVA.given(*since).when(remind()).then_nothing()

    def test_comes_after_a_hold(self) -> None:
        """Source: domain.md section 3: a clock can be stopped and restarted."""
        VIVA.given(*OFFER, on_hold(), lifted()).when(remind()).then(due(7, 7))

    def test_counts_to_the_last_time_that_fits(self) -> None:
        """Source: S2 6.2.2: what was agreed has to find room."""
        short = place(starts_at=STARTS_AT + timedelta(days=3), room_minutes=45)
        other = place(cohorts=("ats-2024-10",))
        VIVA.given(*OFFER).when(remind(7, place(), other)).then(due(7, 7))
        (fact,) = VIVA.given(*OFFER).when(remind(7, place(), short)).decide()
        assert fact.days_left == 10
        longer = (*OFFER, adjusted(ARRANGED_MINUTES["extra_time"]))
        VIVA.given(*longer).when(remind(7, place(), short)).then(due(7, 7))
        VIVA.given(*longer).when(remind(7, short)).then_nothing()

    def test_does_not_come_on_the_day_of_the_news(self) -> None:
        """Source: domain.md section 5 (P): an invitation is no reminder."""
        today = LAST_DAY - timedelta(days=7)
        VIVA.given(heard(), offered(at=today)).when(remind()).then_nothing()
        VIVA.given(*OFFER).when(remind(opened_at=today)).then_nothing()

    def test_follows_the_policy(self) -> None:
        """Source: domain.md section 2: policy is data."""
        terms = replace(TERMS, reminder_days=(30,))
        VIVA.given(*OFFER).when(remind(20, terms=terms)).then(due(20, 30))


class TestIsStillTrue:
    """Source: domain.md section 5: checked at the moment of sending."""

    def test_while_no_time_is_chosen_and_one_can_be(self) -> None:
        """Source: domain.md section 5."""
        told = reminded()
        for days_left, is_true in ((7, True), (0, True), (-1, False)):
            at = LAST_DAY - timedelta(days=days_left)
            assert is_still_true(told, VIVA.state(*OFFER), at=at) == is_true
        for since in (READY, SECOND, (*OFFER, on_hold())):
            assert not is_still_true(told, VIVA.state(*since), at=AT)


class TestReminding:
    """Source: domain.md section 5."""

    async def test_tells_notification_until_when(self) -> None:
        """Source: domain.md section 5, reminders."""
        world = await World().hear(*panellists(), released("c1"), released("c2"))
        await world.open_round()
        await world.book("c2")
        reminding = Reminding(world.handling, world.conferring)
        world.now = LAST_DAY - timedelta(days=5)
        for case_id in ("c1", "c1", "c2"):
            await reminding(case_id, "june", at=world.now, cause=world.cause())
        told = [
            each
            for each in await world.published()
            if isinstance(each, public.ReminderDue)
        ]
        assert told == [
            public.ReminderDue(
                case_id="c1",
                participant_id="p-c1",
                number=1,
                closes_on=LAST_DAY.date(),
                days_left=5,
            )
        ]
        assert (await world.rows())["viva c1"].reminded == {"june": 7}

    async def test_says_nothing_of_a_round_without_a_free_slot(self) -> None:
        """Source: domain.md section 5: only what can be done."""
        world = await World().hear(*panellists(), released("c1"), released("c2"))
        await world.open_round(slots=1)
        await world.book("c2")
        world.now = LAST_DAY - timedelta(days=5)
        reminding = Reminding(world.handling, world.conferring)
        done = await reminding("c1", "june", at=world.now, cause=world.cause())
        assert done.facts == ()

    async def test_waits_for_the_end_of_a_hold(self) -> None:
        """Source: domain.md section 3."""
        world = await World().hear(released("c1"), hold_placed("c1"))
        await world.open_round()
        world.now = LAST_DAY - timedelta(days=5)
        reminding = Reminding(world.handling, world.conferring)
        done = await reminding("c1", "june", at=world.now, cause=world.cause())
        assert done.facts == ()
