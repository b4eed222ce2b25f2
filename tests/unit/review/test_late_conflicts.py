"""A conflict that comes to light late: claims end, judgements are set aside."""

from dataclasses import replace
from typing import Any

import pytest

from services.review.domain.allocation.keeping import OwnCaseError
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.commands import DecideConflict, FindConflict, ReopenReview
from services.review.domain.confirming import is_still_true
from services.review.domain.conflicts import (
    ConflictDecidedError,
    NoConflictToldError,
)
from services.review.domain.decide import review
from services.review.domain.events import ReviewEvent
from services.review.domain.late import (
    ConflictDecided,
    ConflictFound,
    JudgementSetAside,
)
from services.review.domain.overriding import OwnConflictError
from services.review.domain.recalls import JudgementRestored
from services.review.domain.reviewer.evolve import NotRegistered, Registered, Reviewer
from services.review.domain.situations import Judged, Waiting
from services.review.outgoing import to_public
from services.review.read_models.rows import follow_review
from shared.contracts.review import ConflictFound as ConflictFoundMessage
from shared.contracts.review import FreshReviewAsked, Recalled
from shared.eventlog import StoredEvent
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    DUE_AT,
    LATER_DUE,
    RITA,
    SAM,
    all_judged,
    claim,
    claim_ended,
    claimed,
    complete,
    completed,
    drafted,
    holder,
    requested,
    sealed,
)
from tests.unit.review.test_allocation import given_to
from tests.unit.review.test_independence import conflicted

reviews = Scenario(review)
JUDGED: tuple[ReviewEvent, ...] = (
    requested(),
    claimed(),
    *all_judged(),
    drafted(),
    completed(),
)
HELD: tuple[ReviewEvent, ...] = (requested(), claimed())
DECLARED = conflicted("case", "case-1")
EMPLOYED = Registered("rita", "north-college")
MENTOR = Registered("rita", "south-college", mentees=frozenset({"ana"}))
RELEASED = Assessment(released=frozenset({"case-1.1.1"}))
BONDS = [(DECLARED, "declared"), (EMPLOYED, "organisation"), (MENTOR, "mentor")]


def find(judge: Reviewer = DECLARED, **changes: Any) -> FindConflict:
    command: dict[str, Any] = {
        "reviewer_id": "rita",
        "reviewer": judge,
        "assessment": Assessment(),
        "at": AT,
    }
    return FindConflict(**{**command, **changes})


def aside(because: Any = "declared") -> JudgementSetAside:
    return JudgementSetAside(
        review_id="case-1.1.1",
        case_id="case-1",
        attempt=1,
        reviewer_id="rita",
        token=1,
        because=because,
        due_at=DUE_AT,
        occurred_at=AT,
    )


def found(because: Any = "declared", when: Any = "judged") -> ConflictFound:
    return ConflictFound(
        review_id="case-1.1.1",
        case_id="case-1",
        cohort_id="ats-2025-10",
        attempt=1,
        reviewer_id="rita",
        because=because,
        when=when,
        occurred_at=AT,
    )


class TestConflictWhileHeld:
    """Source: domain.md section 1: checked again when the decision is made."""

    def test_ends_the_claim(self) -> None:
        reviews.given(*HELD).when(find()).then(claim_ended("conflict"))

    def test_is_told_to_the_lead_when_something_was_written(self) -> None:
        history = (*HELD, *all_judged())
        reviews.given(*history).when(find()).then(
            claim_ended("conflict"), found(when="claimed")
        )

    def test_leaves_the_review_to_others(self) -> None:
        history = (*HELD, claim_ended("conflict"))
        state = review.fold(history)
        assert isinstance(state, Waiting)
        facts = review.decide(claim(SAM), state)
        assert [each.type for each in facts] == ["review.Allocated", "review.Claimed"]

    def test_of_somebody_else_changes_nothing(self) -> None:
        reviews.given(*HELD).when(find(reviewer_id="sam")).then_nothing()


class TestConflictAfterJudging:
    """Source: domain.md section 1: the decider refuses, checked again."""

    @pytest.mark.parametrize(("judge", "because"), BONDS)
    def test_sets_the_judgement_aside(self, judge: Registered, because: str) -> None:
        reviews.given(*JUDGED).when(find(judge)).then(aside(because), found(because))

    def test_keeps_the_judgement_as_a_fact_that_does_not_stand(self) -> None:
        state = review.fold((*JUDGED, aside(), found()))
        assert isinstance(state, Waiting)
        assert state.recalled == completed()
        assert (state.last_holder_id, state.kept_for) == (None, None)

    def test_lets_somebody_else_judge_who_says_what_it_follows(self) -> None:
        again = (claimed("sam", 2), *all_judged(reviewer_id="sam", token=2))
        history: tuple[Any, ...] = (
            *JUDGED,
            aside(),
            found(),
            *again,
            drafted("sam", 2),
        )
        by = holder(SAM, token=2)
        (done,) = review.decide(complete(by=by), review.fold(history))
        assert done.type == "review.Completed"
        assert done.model_dump()["follows_recall"] is True

    def test_is_followed_once(self) -> None:
        reviews.given(*JUDGED, aside(), found()).when(find()).then_nothing()

    def test_is_not_undone_by_a_return_that_had_not_heard_of_it(self) -> None:
        """Source: moderation.md 5: its reviewer judges again, if they may."""
        back = ReopenReview(
            reviewer_id="rita", token=1, reason=sealed("r"), due_at=LATER_DUE, at=AT
        )
        history = (*JUDGED, aside(), found())
        reviews.given(*history).when(back).then_nothing()
        reviews.given(*history, *given_to("sam")).when(back).then_nothing()
        replaced = completed(reviewer_id="sam", token=2, follows_recall=True)
        again = (*history, *given_to("sam"), claimed("sam", 2), replaced)
        of_sam = replace(back, reviewer_id="sam", token=2)
        assert reviews.given(*again).when(of_sam).decide()

    @pytest.mark.parametrize("judge", [RITA, NotRegistered()])
    def test_that_there_is_none_changes_nothing(self, judge: Reviewer) -> None:
        reviews.given(*JUDGED).when(find(judge)).then_nothing()

    def test_is_told_to_moderation_as_what_does_not_stand(self) -> None:
        event: Any = StoredEvent.__new__(StoredEvent)
        told = to_public(aside(), event)
        assert isinstance(told, Recalled)
        assert (told.because, told.token, told.due_at) == ("conflict", 1, DUE_AT)


@pytest.mark.parametrize("when", ["claimed", "judged", "released"])
class TestLetterToTheLead:
    """Source: domain.md section 5: the lead is told, and it is true when sent."""

    def test_says_which_conflict_it_is_and_not_whose(self, when: str) -> None:
        event: Any = StoredEvent.__new__(StoredEvent)
        told = to_public(found(when=when), event)
        assert told == ConflictFoundMessage(
            review_id="case-1.1.1",
            case_id="case-1",
            cohort_id="ats-2025-10",
            attempt=1,
            because="declared",
            when=when,
        )
        assert "rita" not in told.model_dump_json()

    def test_is_true_until_what_it_asks_for_is_decided(self, when: str) -> None:
        fact = found(when=when)
        state = review.fold((*JUDGED, fact))
        assert is_still_true(fact, state, is_held=False)
        after = review.fold((*TOLD, decided("stands")))
        assert is_still_true(fact, after, is_held=True) == (when != "released")


class TestConflictAfterTheRelease:
    def test_is_told_to_the_lead_once_if_it_was_declared(self) -> None:
        late = find(assessment=RELEASED)
        told = found(when="released")
        reviews.given(*JUDGED).when(late).then(told)
        reviews.given(*JUDGED, told).when(late).then_nothing()

    @pytest.mark.parametrize("judge", [EMPLOYED, MENTOR])
    def test_is_no_matter_of_what_changed_later(self, judge: Registered) -> None:
        """Whom somebody works for years later cannot have moved their judgement."""
        late = find(judge, assessment=RELEASED)
        reviews.given(*JUDGED).when(late).then_nothing()

    def test_leaves_the_judgement_when_release_and_conflict_crossed(self) -> None:
        restored = JudgementRestored(reviewer_id="rita", token=1, occurred_at=AT)
        state = review.fold((*JUDGED, aside(), found(), restored))
        assert isinstance(state, Judged)
        facts = review.decide(find(assessment=RELEASED), state)
        assert facts == (found(when="released"),)


class TestParticipantWhoCameToWorkWithTheReviewer:
    """Source: domain.md section 1: their employer may change after the hand-in."""

    NOW = Assessment().employed("south-college")
    LATER = RELEASED.employed("east-college")

    def test_ends_the_claim(self) -> None:
        late = find(RITA, assessment=self.NOW)
        reviews.given(*HELD).when(late).then(claim_ended("conflict"))

    def test_has_the_judgement_set_aside(self) -> None:
        late = find(RITA, assessment=self.NOW)
        told = (aside("organisation"), found("organisation"))
        reviews.given(*JUDGED).when(late).then(*told)

    def test_changes_nothing_after_the_release(self) -> None:
        """Whom somebody works for afterwards cannot have moved the judgement."""
        declared = conflicted("organisation", "east-college")
        for judge in (Registered("rita", "east-college"), declared):
            late = find(judge, assessment=self.LATER)
            reviews.given(*JUDGED).when(late).then_nothing()


def decide(**changes: Any) -> DecideConflict:
    command: dict[str, Any] = {
        "decision": "fresh_review",
        "reason": sealed("reason"),
        "by": "lena",
        "at": AT,
    }
    return DecideConflict(**{**command, **changes})


def decided(decision: Any = "fresh_review") -> ConflictDecided:
    return ConflictDecided(
        review_id="case-1.1.1",
        case_id="case-1",
        attempt=1,
        decision=decision,
        reason=sealed("reason"),
        decided_by="lena",
        occurred_at=AT,
    )


TOLD: tuple[ReviewEvent, ...] = (*JUDGED, found(when="released"))


class TestDecideConflict:
    """Source: domain.md section 1; the lead decides what follows."""

    @pytest.mark.parametrize("decision", ["fresh_review", "stands"])
    def test_keeps_what_follows_and_why(self, decision: str) -> None:
        command = decide(decision=decision)
        reviews.given(*TOLD).when(command).then(decided(decision))

    def test_changes_nothing_the_second_time(self) -> None:
        reviews.given(*TOLD, decided()).when(decide()).then_nothing()

    def test_refuses_another_decision_afterwards(self) -> None:
        other = decide(decision="stands")
        refused = (
            reviews.given(*TOLD, decided())
            .when(other)
            .then_refused(ConflictDecidedError)
        )
        assert refused.context == {"decision": "fresh_review"}

    @pytest.mark.parametrize("facts", [JUDGED, HELD, (*JUDGED, aside(), found())])
    def test_refuses_where_nothing_waits_for_it(
        self, facts: tuple[ReviewEvent, ...]
    ) -> None:
        reviews.given(*facts).when(decide()).then_refused(NoConflictToldError)

    def test_refuses_a_lead_who_judged_it(self) -> None:
        reviews.given(*TOLD).when(decide(by="rita")).then_refused(OwnConflictError)

    @pytest.mark.parametrize("facts", [TOLD, (*TOLD, decided()), JUDGED, HELD])
    def test_refuses_a_lead_whose_own_portfolio_it_is(
        self, facts: tuple[ReviewEvent, ...]
    ) -> None:
        """Whether there is a conflict at all is not for them to learn."""
        reviews.given(*facts).when(decide(by="ana")).then_refused(OwnCaseError)

    def test_has_moderation_ask_for_a_fresh_review_and_nothing_else(self) -> None:
        event: Any = StoredEvent.__new__(StoredEvent)
        told = to_public(decided(), event)
        assert isinstance(told, FreshReviewAsked)
        assert (told.review_id, told.attempt) == ("case-1.1.1", 1)
        assert to_public(decided("stands"), event) is None


def test_the_lead_sees_it_in_the_row_of_the_review() -> None:
    event: Any = StoredEvent.__new__(StoredEvent)
    row = None
    for fact in (*JUDGED, aside(), found(), decided("stands")):
        row = follow_review(row, fact, event)
    assert row is not None
    assert (row.state, row.recalled_by, row.last_holder_id) == ("waiting", "rita", None)
    assert (row.conflict_of, row.conflict_because) == ("rita", "declared")
    assert (row.conflict_when, row.conflict_at) == ("judged", AT)
    assert row.conflict_decision == "stands"
