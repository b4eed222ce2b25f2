"""What becomes of a judged case: window, second attempt, lapse, restart, award, end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.submission.domain.adjusting import (
    AdjustmentAgreedDifferentlyError,
    AdjustmentEmptyError,
    AdjustmentTooLateError,
    AdjustmentUnknownError,
)
from services.submission.domain.afterwards import (
    AlreadyEndedError,
    FeeDiffersError,
    NoFeeDueError,
)
from services.submission.domain.commands import (
    AnswerQuery,
    AskQuery,
    NoteHold,
    NoteHoldEnd,
    NoteOutcome,
    RecordFee,
    Withdraw,
)
from services.submission.domain.deadlines import DeadlinePassedError
from services.submission.domain.decide import case
from services.submission.domain.events import (
    HoldEndNoted,
    HoldNoted,
    QueryAnswered,
    RestartRequired,
    RestartRevoked,
    ResubmissionClosed,
    Submitted,
)
from services.submission.domain.questioning import (
    OwnQueryError,
    QueryAnsweredError,
    QueryUnknownError,
)
from services.submission.domain.states import Case, Ended, HandedIn, Open
from services.submission.domain.submitting import CaseEndedError, UnchangedError
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.submission.examples import (
    AT,
    OTHER_PORTFOLIO,
    attach,
    enrolled,
    extend,
    extended,
    save,
    saved,
    sealed,
    submit,
    submitted,
)
from tests.unit.submission.lives import (
    COMPLETE,
    RELEASED_AT,
    RUNS_UNTIL,
    WITH_REVIEWERS,
    adjustment_agreed,
    adjustment_asked,
    adjustment_declined,
    agree_adjustment,
    application,
    ask_adjustment,
    asked,
    award_noted,
    decline_adjustment,
    hold,
    lapsed,
    lifted,
    note,
    note_award,
    note_not_passed,
    noted,
    paid,
    restart,
    window,
    withdrawn,
)

spec = Scenario(case)
LATER = RELEASED_AT + timedelta(days=30)
NEW_ID = UUID(int=2)
REVISED = {"message_id": NEW_ID, "is_revision": True, "released_at": LATER}
IN_WINDOW = (*WITH_REVIEWERS, noted(), window())
CHANGED = saved(content_hash="5" * 64, path="ana/5")
AGAIN_AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def second(**changes: Any) -> Submitted:
    """Return the second attempt, which opens for review when it is received."""
    common: dict[str, Any] = {
        "attempt": 2,
        "snapshot_sha256": OTHER_PORTFOLIO,
        "submitted_at": AGAIN_AT,
        "review_opens_at": AGAIN_AT,
        "occurred_at": AGAIN_AT,
    }
    return submitted(**common | changes)


TWICE = (*IN_WINDOW, CHANGED, second())


class TestOutcomeReleased:
    def test_as_cnm_opens_one_window_of_six_weeks(self) -> None:
        """Source: S2 6.2.1; P (six weeks from the day of the release)."""
        spec.given(*WITH_REVIEWERS).when(note()).then(noted(), window())

    def test_counts_from_the_day_it_is_in_london(self) -> None:
        """Source: architecture.md: 23:30 UTC in summer is the next day in London."""
        at = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
        _, opened = spec.given(*WITH_REVIEWERS).when(note(released_at=at)).decide()
        assert opened.opened_on == date(2026, 5, 5)
        assert opened.closes_on == date(2026, 6, 16)

    def test_adds_what_was_agreed_for_the_resubmission(self) -> None:
        """Source: S2 6.2.2."""
        agreed = (adjustment_asked(), adjustment_agreed())
        spec.given(*WITH_REVIEWERS, *agreed).when(note()).then(
            noted(), window(closes_on=RUNS_UNTIL + timedelta(days=14))
        )

    def test_as_cm_is_noted_and_the_case_goes_on_to_the_viva(self) -> None:
        """Source: S1."""
        spec.given(*WITH_REVIEWERS).when(note(outcome="CM")).then(noted(outcome="CM"))

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(*IN_WINDOW).when(note()).then_nothing()

    def test_as_a_second_cnm_leads_to_a_restart(self) -> None:
        """Source: S2 6.2.3."""
        command = note(attempt=2, message_id=NEW_ID, released_at=LATER)
        spec.given(*TWICE).when(command).then(
            noted(attempt=2, message_id=NEW_ID, released_at=LATER),
            restart(
                reason="criteria_not_met_again",
                outcome_released_at=LATER,
                feedback=sealed("feedback"),
            ),
        )

    def test_is_noted_for_who_has_withdrawn_and_leads_to_nothing(self) -> None:
        """Source: domain.md section 4: nothing more is decided or sent."""
        spec.given(*WITH_REVIEWERS, withdrawn()).when(note()).then(noted())


class TestOutcomeRevised:
    """Source: domain.md section 3: an appeal may replace a decision."""

    def test_from_cnm_to_cm_closes_an_open_window(self) -> None:
        spec.given(*IN_WINDOW).when(note(outcome="CM", **REVISED)).then(
            noted(outcome="CM", **REVISED),
            ResubmissionClosed(case_id="case-1", occurred_at=RELEASED_AT),
        )

    def test_from_cnm_to_cm_takes_a_restart_back(self) -> None:
        ended = (*IN_WINDOW, lapsed(LATER), restart())
        spec.given(*ended).when(note(outcome="CM", **REVISED)).then(
            noted(outcome="CM", **REVISED),
            RestartRevoked(case_id="case-1", occurred_at=RELEASED_AT),
        )

    def test_from_cm_to_cnm_opens_a_window_from_then(self) -> None:
        met = (*WITH_REVIEWERS, noted(outcome="CM"))
        _, opened = spec.given(*met).when(note(**REVISED)).decide()
        assert opened.closes_on == date(2026, 7, 15)

    def test_with_new_feedback_gives_six_weeks_from_then(self) -> None:
        _, opened = spec.given(*IN_WINDOW).when(note(**REVISED)).decide()
        assert opened.closes_on == date(2026, 7, 15)

    def test_keeps_what_was_handed_in_when_it_closes_the_window(self) -> None:
        closed = ResubmissionClosed(case_id="case-1", occurred_at=LATER)
        state = spec.state(*IN_WINDOW, CHANGED, closed)
        assert isinstance(state, HandedIn)
        assert state.portfolio.sections["introduction"] == saved()


class TestSecondAttempt:
    def test_lets_the_portfolio_change_again(self) -> None:
        """Source: S2 6.2.1."""
        spec.given(*IN_WINDOW).when(save(content_hash="5" * 64, path="ana/5")).then(
            CHANGED
        )
        assert spec.given(*IN_WINDOW).when(attach()).decide()

    def test_is_handed_in_and_reviewed_at_once(self) -> None:
        """Source: S2 6.2.1; P: no cohort waits for it."""
        command = submit(snapshot_sha256=OTHER_PORTFOLIO, at=AGAIN_AT)
        spec.given(*IN_WINDOW, CHANGED).when(command).then(second())

    @pytest.mark.parametrize("snapshot", ["a" * 64, OTHER_PORTFOLIO])
    def test_is_refused_when_nothing_has_changed(self, snapshot: str) -> None:
        """Source: S2 6.2.1 (P): other hashes of the same content are no change."""
        command = submit(snapshot_sha256=snapshot, at=AGAIN_AT)
        spec.given(*IN_WINDOW).when(command).then_refused(UnchangedError)

    def test_is_accepted_in_the_last_second(self) -> None:
        """Source: S2 6.2.3."""
        at = end_of(RUNS_UNTIL) - timedelta(seconds=1)
        command = submit(snapshot_sha256=OTHER_PORTFOLIO, at=at)
        assert spec.given(*IN_WINDOW, CHANGED).when(command).decide()

    @pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1)])
    def test_is_refused_once_the_window_has_ended(self, late: timedelta) -> None:
        """Source: S2 6.2.3."""
        command = submit(snapshot_sha256=OTHER_PORTFOLIO, at=end_of(RUNS_UNTIL) + late)
        spec.given(*IN_WINDOW, CHANGED).when(command).then_refused(DeadlinePassedError)

    def test_leaves_nothing_to_do_for_the_same_portfolio(self) -> None:
        """Source: architecture.md: two submits at once are one."""
        command = submit(snapshot_sha256=OTHER_PORTFOLIO, at=AGAIN_AT)
        spec.given(*TWICE).when(command).then_nothing()

    def test_has_no_third(self) -> None:
        """Source: S2 6.2.1 (one free resubmission)."""
        over = (*TWICE, noted(attempt=2), restart(reason="criteria_not_met_again"))
        command = submit(snapshot_sha256="c" * 64, at=AGAIN_AT)
        spec.given(*over).when(command).then_refused(CaseEndedError)
        spec.given(*over).when(save(content_hash="6" * 64)).then_refused(CaseEndedError)


class TestVivaNotPassed:
    def test_for_the_last_time_leads_to_a_restart(self) -> None:
        """Source: domain.md section 3 (P)."""
        met = (*WITH_REVIEWERS, noted(outcome="CM"))
        facts = spec.given(*met).when(note_not_passed()).decide()
        assert facts[1:] == (restart(reason="viva_not_passed"),)

    def test_for_the_first_time_leads_to_nothing_here(self) -> None:
        """Source: domain.md section 3 (P): one more viva in the next round."""
        met = (*WITH_REVIEWERS, noted(outcome="CM"))
        facts = spec.given(*met).when(note_not_passed(number=1, last=False)).decide()
        assert len(facts) == 1


class TestAwardConferred:
    def test_ends_the_case(self) -> None:
        """Source: S0, S1."""
        met = (*WITH_REVIEWERS, noted(outcome="CM"))
        spec.given(*met).when(note_award()).then(award_noted())
        state = spec.state(*met, award_noted())
        assert isinstance(state, Ended)
        assert state.by == award_noted()


class TestFee:
    COMMAND = RecordFee(amount_pence=5000, fee_pence=5000, recorded_by="olga", at=AT)
    OVER = (*IN_WINDOW, lapsed(LATER), restart())

    def test_is_recorded_once(self) -> None:
        """Source: S2 6.2.3 (administration fee)."""
        spec.given(*self.OVER).when(self.COMMAND).then(paid())
        spec.given(*self.OVER, paid()).when(self.COMMAND).then_nothing()

    def test_is_due_for_a_restart_alone(self) -> None:
        """Source: S2 6.2.1 (the resubmission is free)."""
        spec.given(*IN_WINDOW).when(self.COMMAND).then_refused(NoFeeDueError)

    @pytest.mark.parametrize("pence", [4999, 5001])
    def test_is_what_the_programme_asks(self, pence: int) -> None:
        """Source: S2 6.2.3 (P)."""
        spec.given(*self.OVER).when(
            replace(self.COMMAND, amount_pence=pence)
        ).then_refused(FeeDiffersError)


class TestWithdraw:
    COMMAND = Withdraw(side="participant", withdrawn_by="ana", at=AT)

    @pytest.mark.parametrize(
        "history",
        [(application(),), COMPLETE, WITH_REVIEWERS, IN_WINDOW],
        ids=["applied", "open", "in review", "window"],
    )
    def test_ends_a_case_at_any_time(self, history: tuple[object, ...]) -> None:
        """Source: domain.md section 4 (also with an open review)."""
        spec.given(*history).when(self.COMMAND).then(withdrawn())

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(*COMPLETE, withdrawn()).when(self.COMMAND).then_nothing()

    def test_leaves_nothing_that_can_change(self) -> None:
        """Source: domain.md section 4."""
        over = (*COMPLETE, withdrawn())
        for command in (save(content_hash="6" * 64), attach(), submit()):
            spec.given(*over).when(command).then_refused(CaseEndedError)

    def test_is_refused_for_who_holds_the_award(self) -> None:
        spec.given(*WITH_REVIEWERS, award_noted()).when(self.COMMAND).then_refused(
            AlreadyEndedError
        )


class TestAdjustments:
    def test_are_asked_for_a_month_before_the_start(self) -> None:
        """Source: S2 3.1.1; also by who has only applied."""
        last = datetime(2025, 9, 1, 22, 59, tzinfo=UTC)
        for history in ((enrolled(),), (application(),)):
            spec.given(*history).when(ask_adjustment(at=last)).then(
                adjustment_asked(occurred_at=last)
            )

    def test_are_refused_a_minute_later(self) -> None:
        """Source: S2 3.1.1."""
        late = datetime(2025, 9, 1, 23, 0, tzinfo=UTC)  # 2 September in London
        refused = (
            spec.given(enrolled())
            .when(ask_adjustment(at=late))
            .then_refused(AdjustmentTooLateError)
        )
        assert refused.context == {"last_day": "2025-09-01"}

    def test_are_agreed_once_asked_for(self) -> None:
        """Source: S2 6.2.2 (by prior arrangement)."""
        spec.given(enrolled(), adjustment_asked()).when(agree_adjustment()).then(
            adjustment_agreed()
        )
        spec.given(enrolled()).when(agree_adjustment()).then_refused(
            AdjustmentUnknownError
        )

    def test_are_agreed_once(self) -> None:
        agreed = (enrolled(), adjustment_asked(), adjustment_agreed())
        spec.given(*agreed).when(agree_adjustment()).then_nothing()
        spec.given(*agreed).when(agree_adjustment(viva=())).then_refused(
            AdjustmentAgreedDifferentlyError
        )

    def test_are_not_agreed_to_nothing(self) -> None:
        spec.given(enrolled(), adjustment_asked()).when(
            agree_adjustment(extra_days=(), viva=())
        ).then_refused(AdjustmentEmptyError)

    def test_are_declined_once_asked_for(self) -> None:
        """Source: S2 3.1.1; domain.md section 3: so is a no a fact."""
        asked = (enrolled(), adjustment_asked())
        spec.given(*asked).when(decline_adjustment()).then(adjustment_declined())
        spec.given(*asked, adjustment_declined()).when(
            decline_adjustment(details=sealed("again"))
        ).then_nothing()
        spec.given(enrolled()).when(decline_adjustment()).then_refused(
            AdjustmentUnknownError
        )

    def test_are_never_taken_back(self) -> None:
        """Source: P: what was agreed stays agreed."""
        agreed = (enrolled(), adjustment_asked(), adjustment_agreed())
        spec.given(*agreed).when(decline_adjustment()).then_refused(
            AdjustmentAgreedDifferentlyError
        )

    def test_are_agreed_after_they_were_declined(self) -> None:
        """Source: S2 9.1: who appeals against the support received may be right."""
        declined = (enrolled(), adjustment_asked(), adjustment_declined())
        spec.given(*declined).when(agree_adjustment()).then(adjustment_agreed())

    def test_are_not_declined_once_the_case_has_ended(self) -> None:
        over = (enrolled(), adjustment_asked(), withdrawn())
        spec.given(*over).when(decline_adjustment()).then_refused(CaseEndedError)


class TestExtensionForAnAdjustment:
    """Source: S2 3.1.1: whoever grants it, it was asked for in time."""

    BY_HAND = extend(reason="reasonable_adjustment")

    def test_follows_an_adjustment_that_was_asked_for_in_time(self) -> None:
        """Source: S2 3.1.1."""
        given = extended(reason="reasonable_adjustment")
        for history in (
            (adjustment_asked(),),
            (adjustment_asked(), adjustment_agreed()),
            (adjustment_asked(), adjustment_declined(), adjustment_agreed()),
        ):
            spec.given(enrolled(), *history).when(self.BY_HAND).then(given)

    def test_is_refused_when_it_is_too_late_to_ask(self) -> None:
        """Source: S2 3.1.1: an extension by hand is no way around the month."""
        refused = (
            spec.given(enrolled())
            .when(self.BY_HAND)
            .then_refused(AdjustmentTooLateError)
        )
        assert refused.context == {"last_day": "2025-09-01"}

    def test_is_refused_before_anything_is_asked_for(self) -> None:
        """Source: S2 6.2.2: extra support only by prior arrangement."""
        early = datetime(2025, 9, 1, 22, 59, tzinfo=UTC)
        spec.given(enrolled()).when(
            extend(reason="reasonable_adjustment", at=early)
        ).then_refused(AdjustmentUnknownError)

    def test_is_refused_when_the_adjustment_was_declined(self) -> None:
        """Source: S2 3.1.1."""
        spec.given(enrolled(), adjustment_asked(), adjustment_declined()).when(
            self.BY_HAND
        ).then_refused(AdjustmentUnknownError)

    def test_for_other_reasons_needs_no_adjustment(self) -> None:
        """Source: P: what nobody could foresee is not asked for a month before."""
        spec.given(enrolled()).when(extend()).then(extended())


class TestQueries:
    ASK = AskQuery(
        query_id="q1",
        side="participant",
        author_id="ana",
        text=sealed("question"),
        at=AT,
    )
    ANSWER = AnswerQuery(
        query_id="q1", side="office", author_id="olga", text=sealed("answer"), at=AT
    )
    ANSWERED = QueryAnswered(
        query_id="q1", author_id="olga", text=sealed("answer"), occurred_at=AT
    )

    def test_are_asked_and_answered(self) -> None:
        """Source: domain.md section 1 (operations: queries)."""
        spec.given(enrolled()).when(self.ASK).then(asked())
        spec.given(enrolled(), asked()).when(self.ANSWER).then(self.ANSWERED)

    def test_are_answered_by_the_other_side(self) -> None:
        """Source: domain.md section 4."""
        own = replace(self.ANSWER, side="participant", author_id="ana")
        spec.given(enrolled(), asked()).when(own).then_refused(OwnQueryError)

    def test_are_answered_once(self) -> None:
        spec.given(enrolled(), asked(), self.ANSWERED).when(self.ANSWER).then_refused(
            QueryAnsweredError
        )
        spec.given(enrolled()).when(self.ANSWER).then_refused(QueryUnknownError)


def heard(*commands: object) -> Case:
    """Return a case in review after it heard these, in this order."""
    state: Case = spec.state(*WITH_REVIEWERS)
    for command in commands:
        facts = case.decide(command, state)  # type: ignore[arg-type]
        state = case.fold(facts, state)
    return state


HELD = NoteHold(hold_id="h1", placed_at=RELEASED_AT + timedelta(days=3))
RELEASED = NoteHoldEnd(hold_id="h1", lifted_at=RELEASED_AT + timedelta(days=8))
MESSAGES = {
    "a window": (note(), HELD, RELEASED),
    "a window that a revision closes": (
        note(),
        note(outcome="CM", **REVISED),
        HELD,
        RELEASED,
        note_award(),
    ),
    "a revision to CNM": (note(outcome="CM"), note(**REVISED), HELD, RELEASED),
    "new feedback": (note(), note(**REVISED), HELD),
    "two vivas": (
        note(outcome="CM"),
        note_not_passed(number=1, last=False),
        note_not_passed(number=2),
        HELD,
    ),
    "an award after a revision": (
        note(),
        note(outcome="CM", **REVISED),
        note_not_passed(number=1, last=False),
        note_award(),
    ),
}


class TestInterleavings:
    """Source: architecture.md, "Messaging": no order is promised between topics."""

    @pytest.mark.parametrize("messages", MESSAGES.values(), ids=MESSAGES)
    def test_of_messages_lead_to_the_same_state(
        self, messages: tuple[object, ...]
    ) -> None:
        expected = heard(*messages)
        for order in permutations(messages):
            assert heard(*order) == expected

    @pytest.mark.parametrize("messages", MESSAGES.values(), ids=MESSAGES)
    def test_of_a_repeated_message_change_nothing(
        self, messages: tuple[object, ...]
    ) -> None:
        for again in messages:
            assert heard(*messages, again) == heard(*messages)

    def test_of_both_attempts_lead_to_the_same_state(self) -> None:
        """A revised first decision outweighs a second CNM, whichever comes first."""
        last = note(attempt=2, message_id=UUID(int=3), released_at=LATER)
        revised = note(outcome="CM", **REVISED)
        states = []
        for order in permutations((last, revised)):
            state = spec.state(*TWICE)
            for command in order:
                state = case.fold(case.decide(command, state), state)
            states.append(state)
        assert states[0] == states[1]
        assert isinstance(states[0], HandedIn)

    def test_of_second_decisions_keep_the_later_feedback(self) -> None:
        first = note(attempt=2, message_id=UUID(int=3))
        later: NoteOutcome = note(attempt=2, **REVISED)
        states = []
        for order in permutations((first, later)):
            state = spec.state(*TWICE)
            for command in order:
                state = case.fold(case.decide(command, state), state)
            states.append(state)
        assert states[0] == states[1]
        assert isinstance(states[0], Ended)
        assert isinstance(states[0].by, RestartRequired)
        assert states[0].by.outcome_released_at == LATER

    def test_are_told_apart_by_what_was_heard(self) -> None:
        """The control: what is compared does depend on the messages."""
        assert heard(note()) != heard(note(outcome="CM"))
        assert isinstance(heard(note()), Open)


class TestHoldsHeardEarly:
    def test_are_noted_before_there_is_a_case(self) -> None:
        """Source: architecture.md: what comes too early is recorded as a fact."""
        spec.given().when(HELD).then(hold(HELD.placed_at))
        spec.given().when(RELEASED).then(lifted(RELEASED.lifted_at))
        state = spec.state(hold(HELD.placed_at), enrolled())
        assert isinstance(state, Open)
        assert state.course.holds.get("h1").placed_at == HELD.placed_at

    def test_are_noted_once(self) -> None:
        known: tuple[HoldNoted | HoldEndNoted, ...] = (
            hold(HELD.placed_at),
            lifted(RELEASED.lifted_at),
        )
        for command in (HELD, RELEASED):
            spec.given(enrolled(), *known).when(command).then_nothing()
