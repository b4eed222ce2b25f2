"""What a participant may ask: explanation, appeal, appeal about support."""

from datetime import UTC, datetime, timedelta

import pytest

from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import Dismissed
from services.appeals.domain.refusals import (
    AlreadyAskedError,
    AlreadyDecidedError,
    AlreadyLodgedError,
    CaseWithdrawnError,
    DecisionReplacedError,
    NotExplainedYetError,
    SupportAppealOpenError,
    TermsUnknownError,
    TooLateError,
    UnknownAppealError,
    UnknownCaseError,
    UnknownDecisionError,
    UnlistedGroundError,
)
from shared.london import end_of
from tests.support.specification import Scenario
from tests.unit.appeals.examples import (
    APPEAL,
    ASK_BY,
    CASE,
    DECISION,
    EXPLAINED_AT,
    HEARD_AT,
    LODGE_BY,
    RELEASED_AT,
    TERMS,
    appeal_opened,
    bonds_noted,
    decision_noted,
    explained,
    file,
    hold,
    hold_end,
    lodge,
    lodge_about_support,
    lodged,
    lodged_about_support,
    request,
    requested,
    sealed,
    terms_noted,
    withdrawal,
)

spec = Scenario(appeal)
SECOND = timedelta(seconds=1)
LATER = RELEASED_AT + timedelta(days=60)
DISMISSED = Dismissed(
    appeal_id=APPEAL,
    case_id=CASE,
    participant_id="ana",
    by="nora",
    members=("nora", "omar", "pia"),
    reasons=sealed("reasons"),
    occurred_at=HEARD_AT,
)


class TestRequestExplanation:
    """Source: AP 4.1: within 10 working days of receiving the decision."""

    def test_is_a_fact_with_the_last_day_of_the_answer(self) -> None:
        """Source: AP 4.2: the answer comes within 5 working days."""
        spec.given().when(request()).then(requested())

    def test_needs_no_question(self) -> None:
        spec.given().when(request(question=None)).then(requested(question=None))

    def test_is_taken_in_the_last_second_of_the_last_day(self) -> None:
        at = end_of(ASK_BY) - SECOND
        (fact,) = spec.given().when(request(at=at)).decide()
        assert fact.occurred_at == at

    def test_is_refused_one_second_after_the_last_day(self) -> None:
        late = spec.given().when(request(at=end_of(ASK_BY)))
        refused = late.then_refused(TooLateError)
        assert refused.context == {"last_day": "2026-04-13"}
        assert "13 April 2026" in str(refused)

    def test_is_taken_later_when_the_case_was_held(self) -> None:
        """Source: domain.md section 3: a clock can be stopped and restarted."""
        held = (
            hold("h1", RELEASED_AT + timedelta(days=4)),
            hold_end("h1", RELEASED_AT + timedelta(days=5)),
        )
        at = end_of(ASK_BY) + timedelta(days=1)
        spec.given().when(request(at=at)).then_refused(TooLateError)
        assert spec.given().when(request(at=at, file=file(*held))).decide()

    def test_is_taken_while_the_case_is_held(self) -> None:
        held = file(hold("h1", RELEASED_AT + timedelta(days=4)))
        assert spec.given().when(request(at=LATER, file=held)).decide()

    def test_is_refused_when_the_hold_came_after_the_last_day(self) -> None:
        held = file(hold("h1", end_of(ASK_BY)))
        spec.given().when(request(at=LATER, file=held)).then_refused(TooLateError)

    def test_is_refused_to_anybody_else_as_if_there_were_no_case(self) -> None:
        """Source: domain.md section 1: a participant sees nothing of another."""
        spec.given().when(request(by="zoe")).then_refused(UnknownCaseError)

    def test_is_refused_for_a_decision_that_was_not_released(self) -> None:
        asked = request(decision_id="another")
        spec.given().when(asked).then_refused(UnknownDecisionError)

    def test_is_refused_a_second_time(self) -> None:
        asked = request(number=2, file=file(appeal_opened()))
        refused = spec.given().when(asked).then_refused(AlreadyAskedError)
        assert refused.context == {"appeal_id": APPEAL}

    def test_is_refused_for_a_decision_that_was_replaced(self) -> None:
        revision = decision_noted(
            decision_id="revised",
            result="CM",
            is_revision=True,
            released_at=RELEASED_AT + timedelta(days=1),
        )
        spec.given().when(request(file=file(revision))).then_refused(
            DecisionReplacedError
        )
        asked = request(file=file(revision), decision_id="revised")
        (fact,) = spec.given().when(asked).decide()
        assert fact.decision.decision_id == "revised"

    def test_is_refused_after_a_withdrawal(self) -> None:
        asked = request(file=file(withdrawal()))
        spec.given().when(asked).then_refused(CaseWithdrawnError)

    def test_can_be_about_a_viva_that_was_not_passed(self) -> None:
        """Source: domain.md section 3: any released decision."""
        viva = decision_noted(
            decision_id="viva-1", subject="viva", number=1, result="not_passed"
        )
        asked = request(file=file(viva), decision_id="viva-1")
        (fact,) = spec.given().when(asked).decide()
        assert (fact.decision.subject, fact.terms) == ("viva", TERMS)

    def test_waits_for_what_was_handed_in(self) -> None:
        """Source: architecture.md: what comes early waits for its other half."""
        second = decision_noted(decision_id="second", number=2)
        asked = request(file=file(second), decision_id="second")
        spec.given().when(asked).then_refused(TermsUnknownError)


class TestLodgeAppeal:
    """Source: AP 4.3: within 10 working days of the explanation; AP 4.4: grounds."""

    def test_is_a_fact(self) -> None:
        spec.given(requested(), explained()).when(lodge()).then(lodged())

    def test_is_taken_in_the_last_second_of_the_last_day(self) -> None:
        at = end_of(LODGE_BY) - SECOND
        after = spec.given(requested(), explained())
        after.when(lodge(at=at)).then(lodged(occurred_at=at))

    def test_is_refused_one_second_after_the_last_day(self) -> None:
        after = spec.given(requested(), explained())
        refused = after.when(lodge(at=end_of(LODGE_BY))).then_refused(TooLateError)
        assert refused.context == {"last_day": "2026-04-28"}

    def test_counts_from_the_explanation_even_if_that_was_late(self) -> None:
        answered_at = datetime(2026, 6, 1, 9, tzinfo=UTC)
        after = spec.given(requested(), explained(occurred_at=answered_at))
        assert after.when(lodge(at=datetime(2026, 6, 15, 20, tzinfo=UTC))).decide()

    @pytest.mark.parametrize(
        "grounds",
        [
            (),
            ("i-worked-hard",),
            ("procedural-error", "i-worked-hard"),
            ("procedural-error", "procedural-error"),
        ],
    )
    def test_is_refused_on_grounds_that_are_not_listed(
        self, grounds: tuple[str, ...]
    ) -> None:
        """Source: AP 4.4: the list is closed."""
        after = spec.given(requested(), explained())
        refused = after.when(lodge(grounds=grounds)).then_refused(UnlistedGroundError)
        assert refused.context == {"grounds": list(TERMS.grounds)}

    def test_is_refused_when_another_decision_counts_by_now(self) -> None:
        """Source: AP 4.3; domain.md section 4: a revised outcome replaces it."""
        revision = decision_noted(
            decision_id="revised",
            result="CM",
            is_revision=True,
            released_at=EXPLAINED_AT + timedelta(days=1),
        )
        after = spec.given(requested(), explained())
        after.when(lodge(file=file(revision))).then_refused(DecisionReplacedError)

    def test_is_refused_before_the_explanation(self) -> None:
        spec.given(requested()).when(lodge()).then_refused(NotExplainedYetError)

    def test_is_refused_to_anybody_else(self) -> None:
        after = spec.given(requested(), explained())
        after.when(lodge(by="zoe")).then_refused(UnknownAppealError)

    def test_is_refused_where_nothing_was_asked(self) -> None:
        spec.given().when(lodge()).then_refused(UnknownAppealError)

    def test_is_refused_twice(self) -> None:
        after = spec.given(requested(), explained(), lodged())
        after.when(lodge()).then_refused(AlreadyLodgedError)

    def test_is_refused_once_it_was_decided(self) -> None:
        after = spec.given(requested(), explained(), lodged(), DISMISSED)
        after.when(lodge()).then_refused(AlreadyDecidedError)


class TestLodgeAboutSupport:
    """Source: S2 9.1: a written response within 10 working days."""

    def test_is_a_fact_with_the_last_day_of_the_response(self) -> None:
        spec.given().when(lodge_about_support()).then(lodged_about_support())

    def test_needs_no_decision(self) -> None:
        undecided = casefile.fold((terms_noted(), bonds_noted()))
        spec.given().when(lodge_about_support(file=undecided)).then(
            lodged_about_support()
        )

    def test_is_refused_while_another_is_open(self) -> None:
        asked = lodge_about_support(
            number=2, file=file(appeal_opened(decision_id=None))
        )
        spec.given().when(asked).then_refused(SupportAppealOpenError)

    def test_does_not_wait_for_an_appeal_against_a_decision(self) -> None:
        asked = lodge_about_support(number=2, file=file(appeal_opened()))
        (fact,) = spec.given().when(asked).decide()
        assert (fact.appeal_id, fact.against) == (f"{CASE}.2", "support")

    def test_is_refused_to_anybody_else(self) -> None:
        asked = lodge_about_support(by="zoe")
        spec.given().when(asked).then_refused(UnknownCaseError)

    def test_is_refused_after_a_withdrawal(self) -> None:
        asked = lodge_about_support(file=file(withdrawal()))
        spec.given().when(asked).then_refused(CaseWithdrawnError)


def test_every_example_is_about_the_same_decision() -> None:
    assert file().in_force()[0].decision_id == DECISION
