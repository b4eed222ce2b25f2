"""Holds of the office: what they do to the day a review is due."""

from datetime import UTC, datetime, timedelta

import pytest

from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.events import HoldEndNoted, HoldNoted
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.commands import FollowHolds, MarkOverdue
from services.review.domain.confirming import is_still_true
from services.review.domain.decide import review
from services.review.domain.turns import DueMoved
from shared.holds import Hold, Holds, NoteHold, NoteHoldEnd, Period
from shared.london import LONDON
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    CLOSED,
    DUE_AT,
    MOVED,
    OPENS_AT,
    all_judged,
    allocated,
    claimed,
    completed,
    drafted,
    overdue,
    reopened,
    requested,
)

cases = Scenario(assessment)
reviews = Scenario(review)
HELD = (requested(), allocated(), claimed())
JUDGED = (*HELD, *all_judged(), drafted(), completed())
PERIOD = Period(OPENS_AT, DUE_AT)


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=LONDON)


def placed(at: datetime, hold_id: str = "h1") -> HoldNoted:
    return HoldNoted(case_id="case-1", hold_id=hold_id, placed_at=at, occurred_at=at)


def lifted(at: datetime, hold_id: str = "h1") -> HoldEndNoted:
    return HoldEndNoted(case_id="case-1", hold_id=hold_id, lifted_at=at, occurred_at=at)


def after(*history: object) -> Assessment:
    known: Assessment = cases.state(*history)
    return known


def follow(*history: object) -> FollowHolds:
    return FollowHolds(assessment=after(*history), at=AT)


def due_moved(days: int) -> DueMoved:
    return DueMoved(due_at=DUE_AT + timedelta(days=days), occurred_at=AT)


THREE_DAYS = (placed(noon(4, 10)), lifted(noon(4, 12)))


class TestPeriod:
    """Source: domain.md section 3: a clock can be stopped and restarted."""

    @pytest.mark.parametrize(
        ("holds", "days"),
        [
            ((), 0),
            (((noon(4, 10), noon(4, 12)),), 3),
            (((noon(4, 10), noon(4, 10)),), 1),
            (((noon(4, 10), noon(4, 12)), (noon(4, 11), noon(4, 13))), 4),
            (((noon(3, 20), noon(4, 2)),), 2),
            (((noon(4, 30), noon(5, 1)),), 2),
            (((noon(5, 1), noon(5, 9)),), 0),
            (((noon(4, 10), None),), 0),
            (((None, noon(4, 12)),), 0),
        ],
        ids=[
            "no hold",
            "three days in part",
            "one day in part",
            "two that overlap",
            "from before it opened",
            "over its last day",
            "after its end",
            "not lifted yet",
            "lift heard first",
        ],
    )
    def test_is_longer_by_every_day_that_was_held(
        self, holds: tuple[tuple[datetime | None, datetime | None], ...], days: int
    ) -> None:
        """Source: P: a day held in part was not the reviewer's."""
        told = {str(n): Hold(*ends) for n, ends in enumerate(holds)}
        assert PERIOD.held_until(Holds(told)) == DUE_AT + timedelta(days=days)

    def test_keeps_the_time_of_day_when_the_clocks_change(self) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London."""
        ends = datetime(2026, 10, 24, 23, tzinfo=UTC)  # midnight, in summer
        period = Period(ends - timedelta(days=30), ends)
        held = Holds({"h1": Hold(noon(10, 20), noon(10, 21))})
        assert period.held_until(held) == datetime(2026, 10, 27, tzinfo=UTC)


class TestNoteHold:
    """Source: domain.md section 4: HoldPlaced, HoldLifted."""

    PLACE = NoteHold(case_id="case-1", hold_id="h1", placed_at=AT, at=AT)
    LIFT = NoteHoldEnd(case_id="case-1", hold_id="h1", lifted_at=AT, at=AT)

    def test_is_kept_once_in_whatever_order_it_is_heard(self) -> None:
        cases.given().when(self.PLACE).then(placed(AT))
        cases.given().when(self.LIFT).then(lifted(AT))
        cases.given(lifted(AT)).when(self.PLACE).then(placed(AT))
        cases.given(placed(AT)).when(self.PLACE).then_nothing()
        cases.given(placed(AT), lifted(AT)).when(self.LIFT).then_nothing()

    def test_stops_the_clocks_until_it_is_lifted(self) -> None:
        assert after(placed(AT)).is_held
        assert not after(lifted(AT)).is_held
        assert not after(placed(AT), lifted(AT)).is_held
        assert after(*THREE_DAYS, placed(AT, "h2")).is_held


class TestFollowHolds:
    """Source: domain.md section 3; S2 4.4 for the month."""

    def test_moves_the_due_date_and_tells_whoever_is_to_judge(self) -> None:
        reviews.given(*HELD).when(follow(*THREE_DAYS)).then(
            due_moved(3), allocated(due_at=DUE_AT + timedelta(days=3))
        )

    def test_tells_nobody_while_it_is_nobody_s(self) -> None:
        reviews.given(requested()).when(follow(*THREE_DAYS)).then(due_moved(3))

    def test_moves_it_once(self) -> None:
        reviews.given(*HELD, due_moved(3)).when(follow(*THREE_DAYS)).then_nothing()

    def test_adds_a_second_hold_to_the_first(self) -> None:
        again = (placed(noon(5, 1), "h2"), lifted(noon(5, 1), "h2"))
        reviews.given(requested(), due_moved(3)).when(follow(*THREE_DAYS, *again)).then(
            due_moved(4)
        )

    def test_counts_only_the_days_of_the_period_in_force(self) -> None:
        """Source: S2 4.4: what opens later has its month from then on."""
        reviews.given(requested(), MOVED).when(follow(*THREE_DAYS)).then_nothing()
        reviews.given(*JUDGED, reopened()).when(
            follow(placed(OPENS_AT), lifted(AT))
        ).then(
            DueMoved(
                due_at=reopened().due_at + timedelta(days=1),
                occurred_at=AT,
            ),
            allocated(due_at=reopened().due_at + timedelta(days=1)),
        )

    def test_changes_nothing_once_it_is_judged_or_closed(self) -> None:
        reviews.given(*JUDGED).when(follow(*THREE_DAYS)).then_nothing()
        reviews.given(requested(), CLOSED).when(follow(*THREE_DAYS)).then_nothing()
        reviews.given().when(follow(*THREE_DAYS)).then_nothing()


class TestOverdue:
    """Source: domain.md section 3: no clock runs out while it stands still."""

    def test_is_nothing_while_the_clocks_stand_still(self) -> None:
        mark = MarkOverdue(assessment=after(placed(noon(4, 20))), at=DUE_AT)
        reviews.given(*HELD).when(mark).then_nothing()

    def test_is_told_on_the_later_day_once_they_run_on(self) -> None:
        known = after(*THREE_DAYS)
        later = DUE_AT + timedelta(days=3)
        early = MarkOverdue(assessment=known, at=later - timedelta(seconds=1))
        reviews.given(*HELD, due_moved(3)).when(early).then_nothing()
        told = overdue().model_copy(update={"due_at": later, "occurred_at": later})
        reviews.given(*HELD, due_moved(3)).when(
            MarkOverdue(assessment=known, at=later)
        ).then(told)

    def test_is_told_again_when_the_hold_is_heard_of_late(self) -> None:
        later = DUE_AT + timedelta(days=3)
        mark = MarkOverdue(assessment=after(*THREE_DAYS), at=later)
        told = overdue().model_copy(update={"due_at": later, "occurred_at": later})
        reviews.given(*HELD, overdue(), due_moved(3)).when(mark).then(told)

    def test_letter_is_not_true_while_the_clocks_stand_still(self) -> None:
        """Source: domain.md section 5: still true at the moment of sending."""
        state = reviews.state(*HELD)
        assert not is_still_true(overdue(), state, is_held=True)
        assert is_still_true(allocated(), state, is_held=True)

    def test_letter_with_the_earlier_date_is_not_true_any_more(self) -> None:
        """Source: domain.md section 5: still true at the moment of sending."""
        state = reviews.state(*HELD, overdue(), due_moved(3))
        assert not is_still_true(overdue(), state, is_held=False)
        assert not is_still_true(allocated(), state, is_held=False)
