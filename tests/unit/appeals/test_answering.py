"""What the office answers, and what happens without anybody asking."""

from datetime import date, timedelta

import pytest

from services.appeals.domain.commands import (
    Discontinue,
    FallOverdue,
    RestartClock,
    StopClock,
)
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import (
    ClockRestarted,
    ClockStopped,
    Discontinued,
    Dismissed,
    FellOverdue,
    Upheld,
)
from services.appeals.domain.refusals import (
    AlreadyDecidedError,
    AlreadyExplainedError,
    CaseWithdrawnError,
    NotAboutSupportError,
    NotLodgedError,
    OwnCaseError,
    RespondsAboutThemselfError,
    UnknownAppealError,
)
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.appeals.examples import (
    APPEAL,
    ASKED_AT,
    CASE,
    EXPLAIN_BY,
    LODGE_BY,
    LODGED_AT,
    appoint,
    explain,
    explained,
    file,
    hold,
    hold_end,
    lodged,
    lodged_about_support,
    requested,
    respond,
    sealed,
)

spec = Scenario(appeal)
SECOND = timedelta(seconds=1)
ABOUT_SUPPORT = Upheld(
    appeal_id=APPEAL,
    case_id=CASE,
    participant_id="ana",
    by="olga",
    members=(),
    reasons=sealed("reasons"),
    remedy="other",
    occurred_at=LODGED_AT,
)
GONE = Discontinued(appeal_id=APPEAL, case_id=CASE, occurred_at=LODGED_AT)


def overdue(due_on: date) -> FallOverdue:
    return FallOverdue(file=file(), at=end_of(due_on))


class TestGiveExplanation:
    """Source: AP 4.2: the Head explains in writing; AP 4.3: an appeal may follow."""

    def test_is_a_fact_with_the_last_day_of_an_appeal(self) -> None:
        spec.given(requested()).when(explain()).then(explained())

    def test_is_taken_when_it_is_late(self) -> None:
        at = end_of(EXPLAIN_BY) + timedelta(days=3)
        (fact,) = spec.given(requested()).when(explain(at=at)).decide()
        assert fact.appeal_by == date(2026, 5, 1)

    def test_is_refused_a_second_time(self) -> None:
        for history in ((explained(),), (explained(), lodged())):
            after = spec.given(requested(), *history)
            after.when(explain()).then_refused(AlreadyExplainedError)

    def test_is_refused_where_nothing_was_asked(self) -> None:
        spec.given().when(explain()).then_refused(UnknownAppealError)
        about_support = spec.given(lodged_about_support())
        about_support.when(explain()).then_refused(UnknownAppealError)

    def test_is_refused_after_a_withdrawal(self) -> None:
        spec.given(requested(), GONE).when(explain()).then_refused(CaseWithdrawnError)


class TestRespondAboutSupport:
    """Source: S2 9.1: an appeal about the support gets a written response."""

    def test_upholds_with_reasons(self) -> None:
        spec.given(lodged_about_support()).when(respond()).then(ABOUT_SUPPORT)

    def test_dismisses_with_reasons(self) -> None:
        (fact,) = (
            spec.given(lodged_about_support())
            .when(respond(decision="dismissed"))
            .decide()
        )
        assert isinstance(fact, Dismissed)
        assert fact.reasons == sealed("reasons")

    @pytest.mark.parametrize("who", ["ben", "ana"])
    def test_is_refused_to_who_gave_or_got_the_support(self, who: str) -> None:
        """Source: domain.md section 1: nobody judges their own part."""
        asked = spec.given(lodged_about_support()).when(respond(by=who))
        asked.then_refused(RespondsAboutThemselfError)

    def test_is_refused_for_an_appeal_against_a_decision(self) -> None:
        after = spec.given(requested(), explained(), lodged())
        after.when(respond()).then_refused(NotAboutSupportError)

    def test_is_refused_twice(self) -> None:
        after = spec.given(lodged_about_support(), ABOUT_SUPPORT)
        after.when(respond()).then_refused(AlreadyDecidedError)

    def test_is_refused_before_anything_is_lodged(self) -> None:
        spec.given(requested()).when(respond()).then_refused(NotLodgedError)


class TestOwnCase:
    """Source: domain.md section 1: a participant has no part in what is decided."""

    def test_is_explained_and_given_a_panel_by_a_colleague(self) -> None:
        """Source: domain.md section 1."""
        spec.given(requested()).when(explain(by="ana")).then_refused(OwnCaseError)
        pending = spec.given(requested(), explained(), lodged())
        pending.when(appoint(by="ana")).then_refused(OwnCaseError)


class TestFallOverdue:
    """Source: AP 4.2, S2 9.1: an answer that is late is a fact."""

    def test_is_a_fact_from_the_end_of_the_last_day(self) -> None:
        spec.given(requested()).when(overdue(EXPLAIN_BY)).then(
            FellOverdue(
                appeal_id=APPEAL,
                case_id=CASE,
                what="explanation",
                due_on=EXPLAIN_BY,
                occurred_at=end_of(EXPLAIN_BY),
            )
        )

    def test_is_nothing_one_second_earlier(self) -> None:
        early = FallOverdue(file=file(), at=end_of(EXPLAIN_BY) - SECOND)
        spec.given(requested()).when(early).then_nothing()

    def test_is_nothing_the_second_time(self) -> None:
        (fact,) = spec.given(requested()).when(overdue(EXPLAIN_BY)).decide()
        spec.given(requested(), fact).when(overdue(EXPLAIN_BY)).then_nothing()

    def test_is_nothing_while_the_case_is_held(self) -> None:
        held = file(hold("h1", ASKED_AT + timedelta(days=1)))
        late = FallOverdue(file=held, at=end_of(EXPLAIN_BY) + timedelta(days=90))
        spec.given(requested()).when(late).then_nothing()

    def test_is_a_fact_again_when_a_hold_moved_the_last_day(self) -> None:
        (first,) = spec.given(requested()).when(overdue(EXPLAIN_BY)).decide()
        held = file(
            hold("h1", ASKED_AT + timedelta(days=1)),
            hold_end("h1", ASKED_AT + timedelta(days=1, hours=1)),
        )
        after = spec.given(requested(), first)
        moved = end_of(EXPLAIN_BY + timedelta(days=1))
        after.when(FallOverdue(file=held, at=moved - SECOND)).then_nothing()
        (again,) = after.when(FallOverdue(file=held, at=moved)).decide()
        assert again.due_on == EXPLAIN_BY + timedelta(days=1)

    def test_is_about_the_response_for_an_appeal_about_support(self) -> None:
        last_day = date(2026, 4, 21)
        (fact,) = spec.given(lodged_about_support()).when(overdue(last_day)).decide()
        assert (fact.what, fact.due_on) == ("response", last_day)

    def test_is_nothing_once_it_was_answered_or_is_not_due(self) -> None:
        late = overdue(date(2026, 7, 1))
        spec.given(requested(), explained()).when(late).then_nothing()
        spec.given(requested(), explained(), lodged()).when(late).then_nothing()
        spec.given().when(late).then_nothing()


class TestHold:
    """Source: domain.md section 3: a clock is stopped and restarted; each is a fact."""

    PLACED_AT = ASKED_AT + timedelta(days=1)
    LIFTED_AT = ASKED_AT + timedelta(days=2)

    def test_stops_the_clock_that_runs(self) -> None:
        held = file(hold("h1", self.PLACED_AT))
        stop = StopClock(file=held, hold_id="h1", at=self.PLACED_AT)
        spec.given(requested()).when(stop).then(
            ClockStopped(
                appeal_id=APPEAL,
                case_id=CASE,
                hold_id="h1",
                occurred_at=self.PLACED_AT,
            )
        )

    def test_says_which_is_the_last_day_now_when_it_ends(self) -> None:
        held = file(hold("h1", self.PLACED_AT), hold_end("h1", self.LIFTED_AT))
        restart = RestartClock(file=held, hold_id="h1", at=self.LIFTED_AT)
        spec.given(requested()).when(restart).then(
            ClockRestarted(
                appeal_id=APPEAL,
                case_id=CASE,
                hold_id="h1",
                due_on=date(2026, 4, 16),
                is_stopped=False,
                occurred_at=self.LIFTED_AT,
            )
        )

    def test_leaves_the_clock_standing_while_another_is_in_force(self) -> None:
        held = file(
            hold("h1", self.PLACED_AT),
            hold("h2", self.PLACED_AT),
            hold_end("h1", self.LIFTED_AT),
        )
        restart = RestartClock(file=held, hold_id="h1", at=self.LIFTED_AT)
        (fact,) = spec.given(requested()).when(restart).decide()
        assert fact.is_stopped

    def test_changes_nothing_where_no_clock_runs(self) -> None:
        after = spec.given(requested(), explained(), lodged())
        stop = StopClock(file=file(), hold_id="h1", at=LODGED_AT)
        after.when(stop).then_nothing()
        restart = RestartClock(file=file(), hold_id="h1", at=LODGED_AT)
        after.when(restart).then_nothing()
        spec.given(requested(), GONE).when(restart).then_nothing()

    def test_changes_nothing_where_the_clock_had_run_out_before(self) -> None:
        """Source: AP 4.3; domain.md section 3: what is over is not stopped."""
        placed_at = end_of(LODGE_BY)
        after = spec.given(requested(), explained())
        lifted_at = placed_at + timedelta(days=1)
        held = file(hold("h1", placed_at), hold_end("h1", lifted_at))
        stop = StopClock(file=held, hold_id="h1", at=placed_at)
        after.when(stop).then_nothing()
        restart = RestartClock(file=held, hold_id="h1", at=lifted_at)
        after.when(restart).then_nothing()
        a_second_before = placed_at - timedelta(seconds=1)
        in_time = file(hold("h1", a_second_before))
        stop = StopClock(file=in_time, hold_id="h1", at=a_second_before)
        assert len(after.when(stop).decide()) == 1


class TestDiscontinue:
    """Source: shared/contracts: after a withdrawal nothing more is decided."""

    @pytest.mark.parametrize(
        "history",
        [
            (requested(),),
            (requested(), explained()),
            (requested(), explained(), lodged()),
            (lodged_about_support(),),
        ],
    )
    def test_ends_whatever_is_open(self, history: tuple[object, ...]) -> None:
        spec.given(*history).when(Discontinue(at=LODGED_AT)).then(GONE)

    def test_changes_nothing_after_the_end(self) -> None:
        end = Discontinue(at=LODGED_AT)
        spec.given().when(end).then_nothing()
        spec.given(requested(), GONE).when(end).then_nothing()
        spec.given(lodged_about_support(), ABOUT_SUPPORT).when(end).then_nothing()
