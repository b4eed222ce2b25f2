"""What time alone leads to: reminders, missed windows, reviews that open later."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.submission.domain.commands import DelayReview
from services.submission.domain.confirming import is_still_true
from services.submission.domain.decide import case
from services.submission.domain.events import CaseEvent, ReviewDelayed
from services.submission.domain.timing import LAPSE_AFTER
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    AT,
    DEADLINE,
    enrolled,
    extended,
    sealed,
    submitted,
)
from tests.unit.submission.lives import (
    MARKS_DAYS,
    RELEASED_AT,
    RUNS_UNTIL,
    WITH_REVIEWERS,
    award_noted,
    hold,
    lapse,
    lapsed,
    lifted,
    noted,
    remind,
    reminder,
    restart,
    window,
    withdrawn,
)

spec = Scenario(case)
IN_WINDOW = (*WITH_REVIEWERS, noted(), window())


def before(deadline: date, days: int) -> datetime:
    """Return noon in London so many days before a day."""
    day = deadline - timedelta(days=days)
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


class TestRemind:
    """Source: domain.md section 3 (P): at 14, 7 and 2 days, at or before."""

    @pytest.mark.parametrize(
        ("days_left", "mark"), [(14, 14), (10, 14), (7, 7), (3, 7), (2, 2), (0, 2)]
    )
    def test_is_due_at_or_before_a_mark(self, days_left: int, mark: int) -> None:
        at = before(DEADLINE, days_left)
        spec.given(enrolled()).when(remind(at)).then(
            reminder(at, days_left=days_left, mark_days=mark)
        )

    def test_is_not_due_earlier_or_after_the_end(self) -> None:
        for at in (before(DEADLINE, 15), end_of(DEADLINE)):
            spec.given(enrolled()).when(remind(at)).then_nothing()

    def test_is_due_once_for_each_mark(self) -> None:
        first = reminder(before(DEADLINE, 14))
        spec.given(enrolled(), first).when(remind(before(DEADLINE, 9))).then_nothing()
        at = before(DEADLINE, 7)
        spec.given(enrolled(), first).when(remind(at)).then(
            reminder(at, days_left=7, mark_days=7)
        )

    def test_is_due_again_for_a_later_day(self) -> None:
        at = before(date(2026, 4, 14), 13)
        last = reminder(before(DEADLINE, 2), days_left=2, mark_days=2)
        spec.given(enrolled(), last, extended()).when(remind(at)).then(
            reminder(at, closes_on=date(2026, 4, 14), days_left=13)
        )

    def test_waits_while_the_clock_stands_still(self) -> None:
        """Source: domain.md section 3 (a clock can be stopped)."""
        held = hold(before(DEADLINE, 20))
        spec.given(enrolled(), held).when(remind(before(DEADLINE, 5))).then_nothing()

    def test_tells_of_the_resubmission(self) -> None:
        at = before(RUNS_UNTIL, 14)
        spec.given(*IN_WINDOW).when(remind(at)).then(
            reminder(at, about="resubmission", closes_on=RUNS_UNTIL)
        )

    @pytest.mark.parametrize(
        "history",
        [WITH_REVIEWERS, (enrolled(), withdrawn()), (*WITH_REVIEWERS, award_noted())],
        ids=["in review", "withdrawn", "awarded"],
    )
    def test_is_never_due_where_nothing_is_awaited(
        self, history: tuple[object, ...]
    ) -> None:
        spec.given(*history).when(remind(before(DEADLINE, 2))).then_nothing()

    @given(looks=st.lists(st.integers(0, 60 * 24), min_size=1, max_size=40))
    def test_comes_at_most_once_for_each_mark_however_often_one_looks(
        self, looks: list[int]
    ) -> None:
        start = before(DEADLINE, 60)
        state = spec.state(enrolled())
        marks: list[int] = []
        for hours in sorted(looks):
            facts = case.decide(remind(start + timedelta(hours=hours)), state)
            state = case.fold(facts, state)
            marks += [fact.mark_days for fact in facts]  # type: ignore[union-attr]
        assert marks == sorted(set(marks), reverse=True)
        assert set(marks) <= set(MARKS_DAYS)


class TestLapse:
    """Source: S2 6.2.3."""

    LATE = end_of(RUNS_UNTIL) + LAPSE_AFTER

    def test_of_a_missed_window_leads_to_a_restart(self) -> None:
        spec.given(*IN_WINDOW).when(lapse(self.LATE)).then(
            lapsed(self.LATE), restart(occurred_at=self.LATE)
        )

    def test_waits_for_what_was_received_in_the_last_minute(self) -> None:
        """Source: P: what counts is the time of receipt."""
        at = self.LATE - timedelta(seconds=1)
        spec.given(*IN_WINDOW).when(lapse(at)).then_nothing()

    def test_happens_once(self) -> None:
        over = (*IN_WINDOW, lapsed(self.LATE), restart())
        spec.given(*over).when(lapse(self.LATE)).then_nothing()

    def test_does_not_happen_while_the_clock_stands_still(self) -> None:
        held = hold(before(RUNS_UNTIL, 1))
        spec.given(*IN_WINDOW, held).when(
            lapse(self.LATE + timedelta(days=50))
        ).then_nothing()

    def test_happens_after_the_held_days_are_over(self) -> None:
        held = (hold(before(RUNS_UNTIL, 1)), lifted(before(RUNS_UNTIL, 0)))
        given = spec.given(*IN_WINDOW, *held)
        given.when(lapse(self.LATE)).then_nothing()
        closed_on = RUNS_UNTIL + timedelta(days=2)
        at = end_of(closed_on) + LAPSE_AFTER
        assert given.when(lapse(at)).decide()[0] == lapsed(at, closed_on)

    def test_of_nothing_but_a_window(self) -> None:
        for history in ((enrolled(),), WITH_REVIEWERS):
            spec.given(*history).when(lapse(self.LATE)).then_nothing()


class TestDelayReview:
    """Source: S2 4.4: review starts after the submission deadline."""

    LATER = date(2026, 4, 30)
    COMMAND = DelayReview(cohort_deadline=LATER, at=AT)
    DELAYED = ReviewDelayed(
        case_id="case-1", attempt=1, review_opens_at=end_of(LATER), occurred_at=AT
    )

    def test_tells_what_was_handed_in_of_a_later_deadline(self) -> None:
        spec.given(*WITH_REVIEWERS).when(self.COMMAND).then(self.DELAYED)

    def test_tells_it_once(self) -> None:
        spec.given(*WITH_REVIEWERS, self.DELAYED).when(self.COMMAND).then_nothing()

    def test_says_nothing_of_the_same_or_an_earlier_deadline(self) -> None:
        for deadline in (DEADLINE, DEADLINE - timedelta(days=5)):
            command = DelayReview(cohort_deadline=deadline, at=AT)
            spec.given(*WITH_REVIEWERS).when(command).then_nothing()

    def test_concerns_no_portfolio_in_the_making_and_no_second_attempt(self) -> None:
        again = submitted(attempt=2, snapshot_sha256="b" * 64)
        for history in ((enrolled(),), (*IN_WINDOW, again)):
            spec.given(*history).when(self.COMMAND).then_nothing()


class TestIsStillTrue:
    """Source: domain.md section 5: checked at the moment of sending."""

    AT = before(RUNS_UNTIL, 5)
    REMINDER = reminder(
        before(RUNS_UNTIL, 7), about="resubmission", closes_on=RUNS_UNTIL
    )

    def is_true(self, fact: CaseEvent, *history: CaseEvent, at: datetime = AT) -> bool:
        return is_still_true(fact, case.fold(history), cohort_deadline=DEADLINE, at=at)

    def test_of_a_window_while_it_is_open(self) -> None:
        assert self.is_true(window(), *IN_WINDOW)
        assert not self.is_true(window(), *IN_WINDOW, lapsed(self.AT), restart())

    def test_of_the_window_that_counts(self) -> None:
        later = RELEASED_AT + timedelta(days=1)
        other = window(outcome_released_at=later)
        assert not self.is_true(window(), *IN_WINDOW, other)
        assert self.is_true(other, *IN_WINDOW, other)

    def test_of_a_reminder_until_the_day_has_ended_or_moved(self) -> None:
        assert self.is_true(self.REMINDER, *IN_WINDOW)
        assert not self.is_true(self.REMINDER, *IN_WINDOW, at=end_of(RUNS_UNTIL))
        held = (hold(before(RUNS_UNTIL, 6)), lifted(before(RUNS_UNTIL, 6)))
        assert not self.is_true(self.REMINDER, *IN_WINDOW, *held)

    def test_of_a_reminder_not_once_it_was_heeded(self) -> None:
        again = submitted(attempt=2, snapshot_sha256="b" * 64)
        assert not self.is_true(self.REMINDER, *IN_WINDOW, again)

    def test_of_a_restart_while_it_is_required(self) -> None:
        over = (*IN_WINDOW, lapsed(self.AT), restart())
        assert self.is_true(restart(), *over)
        assert not self.is_true(restart(), *IN_WINDOW)

    def test_of_a_restart_not_when_a_fresh_review_tells_it(self) -> None:
        """Source: domain.md section 5: one letter for each thing that happened."""
        why = {"reason": "criteria_not_met_again", "feedback": sealed("feedback")}
        later = RELEASED_AT + timedelta(days=30)
        first = restart(outcome_released_at=RELEASED_AT, **why)
        again = restart(outcome_released_at=later, **why)
        twice = (*IN_WINDOW, submitted(attempt=2), noted(attempt=2), first)
        assert self.is_true(first, *twice)
        confirmed = noted(
            attempt=2, message_id=UUID(int=9), is_revision=True, released_at=later
        )
        assert not self.is_true(first, *twice, confirmed, again)
        assert not self.is_true(again, *twice, confirmed, again)

    def test_of_nothing_for_who_has_withdrawn(self) -> None:
        for fact in (submitted(), window(), self.REMINDER):
            assert not self.is_true(fact, *IN_WINDOW, withdrawn())
        assert self.is_true(withdrawn(), *IN_WINDOW, withdrawn())
