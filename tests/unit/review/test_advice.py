"""What the participant was told about an attempt: the last decision counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.review.domain.assessment.commands import NoteAdvice
from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.events import AdviceNoted
from shared.programmes import load_programme
from tests.support.specification import Scenario
from tests.unit.review.examples import AT, sealed

cases = Scenario(assessment)
RELEASED_AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
TOLD = AdviceNoted(
    case_id="case-1",
    attempt=1,
    feedback=sealed("first"),
    released_at=RELEASED_AT,
    occurred_at=AT,
)
NOTE = NoteAdvice(
    case_id="case-1",
    attempt=1,
    feedback=sealed("first"),
    released_at=RELEASED_AT,
    at=AT,
)


class TestNoteAdvice:
    def test_is_a_fact_once(self) -> None:
        cases.given().when(NOTE).then(TOLD)
        cases.given(TOLD).when(NOTE).then_nothing()

    def test_counts_as_it_was_told_last_in_whatever_order_it_is_heard(self) -> None:
        later = RELEASED_AT + timedelta(days=30)
        revised = replace(NOTE, feedback=sealed("second"), released_at=later)
        fact = TOLD.model_copy(
            update={"feedback": sealed("second"), "released_at": later}
        )
        cases.given(TOLD).when(revised).then(fact)
        cases.given(fact).when(NOTE).then_nothing()
        assert cases.state(TOLD, fact).advice[1].feedback == sealed("second")

    def test_of_one_attempt_says_nothing_of_the_other(self) -> None:
        again = replace(NOTE, attempt=2)
        found = TOLD.model_copy(update={"attempt": 2})
        cases.given(TOLD).when(again).then(found)
        assert set(cases.state(TOLD, found).advice) == {1, 2}


class TestFirstMarks:
    def test_are_hidden_unless_the_policy_says_otherwise(self) -> None:
        """Source: P."""
        for code in ("ATS", "QTLS", "ADVANCED-MENTOR"):
            review = load_programme(code).policy.review
            assert review.second_attempt_sees_first_marks.value is False
            assert review.second_attempt_sees_first_marks.source == "P"
