"""What clocks and other services do to a review: end, move, close, reopen, mark it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.review.domain.claims import (
    NotOpenYetError,
    ReturnedToItsReviewerError,
    TokenStaleError,
)
from services.review.domain.commands import (
    CloseReview,
    EndClaim,
    LapseClaim,
    MarkOverdue,
    MoveOpening,
    ReopenReview,
)
from services.review.domain.confirming import is_still_true
from services.review.domain.decide import ReviewClosedError, review
from services.review.domain.independence import OwnMenteeError
from services.review.domain.reviewer.evolve import NotRegistered, Registered
from services.review.domain.situations import Ended, Judged, Waiting
from services.review.domain.turns import AllocationWithdrawn, Reserved
from shared.decider import Fact
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    CLOSED,
    DUE_AT,
    KEPT,
    LATER_DUE,
    LATER_OPENING,
    LEASE_ENDS_AT,
    MOVED,
    NOTHING_ELSE,
    OPENS_AT,
    RITA,
    SAM,
    Write,
    all_judged,
    allocated,
    claim,
    claim_ended,
    claimed,
    complete,
    completed,
    draft,
    drafted,
    extend,
    holder,
    judge,
    lapsed,
    overdue,
    released,
    reopened,
    request,
    requested,
    sealed,
)

spec = Scenario(review)
HELD = (requested(), allocated(), claimed())
JUDGED = (*HELD, *all_judged(), drafted(), completed())
WRITES = (judge, draft, complete, extend)


def move(opens_at: datetime = LATER_OPENING, at: datetime = AT) -> MoveOpening:
    return MoveOpening(review_opens_at=opens_at, due_at=LATER_DUE, at=at)


CLOSE = CloseReview(at=AT)
REOPEN = ReopenReview(
    reviewer_id="rita", reason=sealed("reason"), due_at=LATER_DUE, at=AT
)


class TestAllocated:
    """Source: domain.md section 5: review allocated."""

    def test_is_told_once_to_each_reviewer(self) -> None:
        history = (*HELD, released())
        spec.given(*history).when(claim()).then(claimed(token=2))
        spec.given(*history).when(claim(SAM)).then(
            allocated("sam"), claimed("sam", token=2)
        )

    def test_is_told_again_when_the_judgement_is_returned(self) -> None:
        spec.given(*JUDGED).when(REOPEN).then(reopened(), allocated(due_at=LATER_DUE))


class TestMoveOpening:
    """Source: S2 4.4: review starts after the submission deadline."""

    def test_opens_the_review_later(self) -> None:
        spec.given(requested()).when(move()).then(MOVED)
        spec.given(requested(), MOVED).when(claim(at=OPENS_AT)).then_refused(
            NotOpenYetError
        )
        moved = spec.state(requested(), MOVED)
        assert moved.request.due_at == LATER_DUE

    def test_changes_nothing_when_it_is_no_later(self) -> None:
        spec.given(requested()).when(move(OPENS_AT)).then_nothing()
        spec.given(requested(), MOVED).when(move()).then_nothing()

    def test_takes_nothing_from_whoever_holds_it(self) -> None:
        """Source: domain.md section 3 (P): only while nobody holds it; a fact."""
        spec.given(*HELD).when(move()).then(KEPT)
        spec.given(*HELD, KEPT).when(judge()).decide()

    def test_counts_an_ended_lease_as_nobody_s(self) -> None:
        moved = MOVED.model_copy(update={"occurred_at": LEASE_ENDS_AT})
        told = allocated(at=LEASE_ENDS_AT, due_at=LATER_DUE)
        spec.given(*HELD).when(move(at=LEASE_ENDS_AT)).then(moved, told)

    def test_tells_the_new_date_to_whom_it_was_given(self) -> None:
        """Source: domain.md section 5: review allocated; as after a hold."""
        told = allocated(due_at=LATER_DUE)
        given = (requested(), Reserved(reviewer_id="rita", occurred_at=AT))
        spec.given(*given, allocated()).when(move()).then(MOVED, told)
        spec.given(*HELD, released()).when(move()).then(MOVED)

    def test_lets_it_fall_overdue_anew(self) -> None:
        late = (*HELD, lapsed(), overdue(), MOVED, allocated(due_at=LATER_DUE))
        mark = MarkOverdue(assessment=NOTHING_ELSE, at=LATER_DUE)
        (fact,) = spec.given(*late).when(mark).decide()
        assert fact.due_at == LATER_DUE

    def test_changes_nothing_once_judged_or_closed(self) -> None:
        spec.given(*JUDGED).when(move()).then_nothing()
        spec.given(requested(), CLOSED).when(move()).then_nothing()
        spec.given().when(move()).then_nothing()


class TestCloseReview:
    """Source: domain.md section 4: Withdrawn."""

    def test_ends_the_review(self) -> None:
        spec.given(requested()).when(CLOSE).then(CLOSED)
        spec.given(requested(), CLOSED).when(CLOSE).then_nothing()

    def test_ends_the_claim_and_says_why(self) -> None:
        spec.given(*HELD).when(CLOSE).then(claim_ended("withdrawn"), CLOSED)

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_the_holder_clearly(self, write: Write) -> None:
        history = (*HELD, claim_ended("withdrawn"), CLOSED)
        spec.given(*history).when(write(by=holder())).then_refused(ReviewClosedError)

    def test_refuses_a_claim(self) -> None:
        spec.given(requested(), CLOSED).when(claim()).then_refused(ReviewClosedError)

    def test_keeps_the_drafts_of_their_author(self) -> None:
        """Source: moderation.md, "Reviewing": the draft is kept."""
        state = spec.state(*HELD, *all_judged(), claim_ended("withdrawn"), CLOSED)
        assert isinstance(state, Ended)
        assert len(state.portfolio.draft_of("rita").judgements) == 3

    def test_keeps_a_judgement_that_was_final(self) -> None:
        spec.given(*JUDGED).when(CLOSE).then(CLOSED)
        state = spec.state(*JUDGED, CLOSED)
        assert isinstance(state, Ended)
        assert state.judgement == completed()

    def test_is_not_undone_by_a_late_request_or_return(self) -> None:
        spec.given(requested(), CLOSED).when(request()).then_nothing()
        spec.given(*JUDGED, CLOSED).when(REOPEN).then_nothing()


class TestEndClaim:
    """Source: domain.md section 1: a reviewer never judges their mentee."""

    END = EndClaim(reviewer_id="rita", at=AT)

    def test_takes_the_review_from_a_nominated_mentor_and_says_why(self) -> None:
        ended = claim_ended("nominated_as_mentor")
        spec.given(*HELD).when(self.END).then(ended)
        spec.given(*HELD, ended).when(self.END).then_nothing()
        spec.given(*HELD, ended).when(judge()).then_refused(TokenStaleError)
        spec.given(*HELD, ended).when(claim(SAM)).then(
            allocated("sam"), claimed("sam", token=2)
        )

    @pytest.mark.parametrize("write", WRITES)
    def test_tells_the_former_holder_why(self, write: Write) -> None:
        """Not only that the claim has ended, which would invite another."""
        history = (*HELD, claim_ended("nominated_as_mentor"))
        mentor = replace(RITA, mentees=frozenset({"ana"}))
        spec.given(*history).when(write(by=holder(mentor))).then_refused(OwnMenteeError)

    def test_leaves_everybody_else_alone(self) -> None:
        other = EndClaim(reviewer_id="sam", at=AT)
        spec.given(*HELD).when(other).then_nothing()
        spec.given(*JUDGED).when(self.END).then_nothing()


class TestReopenReview:
    """Source: moderation.md 5: return to reviewer."""

    def test_lets_the_same_reviewer_judge_again(self) -> None:
        again = (*JUDGED, reopened(), claimed(token=2))
        spec.given(*JUDGED, reopened()).when(claim(kept_for=RITA)).then(
            claimed(token=2)
        )
        judged_again = (*all_judged(2, token=2), drafted(token=2))
        spec.given(*again, *judged_again).when(complete(by=holder(token=2))).then(
            completed(
                token=2,
                outcome="CNM",
                levels={"authenticity": 2, "sufficiency": 3, "reliability": 3},
                period_from=reopened().occurred_at,
                period_until=LATER_DUE,
            )
        )

    def test_keeps_what_they_wrote_the_first_time(self) -> None:
        state = spec.state(*JUDGED, reopened())
        assert isinstance(state, Waiting)
        assert len(state.draft_of("rita").judgements) == 3

    def test_keeps_it_from_others_while_its_reviewer_may_judge(self) -> None:
        spec.given(*JUDGED, reopened()).when(claim(SAM, kept_for=RITA)).then_refused(
            ReturnedToItsReviewerError
        )

    @pytest.mark.parametrize(
        "returned_to",
        [
            NotRegistered(),
            Registered("rita", "north-college"),
            Registered("rita", "south-college", mentees=frozenset({"ana"})),
            Registered("rita", "south-college", is_paused=True),
        ],
        ids=["no reviewer", "now a colleague", "now the mentor", "paused"],
    )
    def test_goes_to_another_when_its_reviewer_may_not(
        self, returned_to: Registered | NotRegistered
    ) -> None:
        """Source: domain.md section 1: independence is checked again."""
        spec.given(*JUDGED, reopened()).when(claim(SAM, kept_for=returned_to)).then(
            allocated("sam", due_at=LATER_DUE), claimed("sam", token=2)
        )

    def test_changes_nothing_while_it_is_judged(self) -> None:
        spec.given(*HELD).when(REOPEN).then_nothing()
        spec.given(*JUDGED, reopened()).when(REOPEN).then_nothing()
        assert isinstance(spec.state(*JUDGED, reopened(), completed()), Judged)

    def test_does_not_take_the_old_token(self) -> None:
        """Source: moderation.md: fencing token."""
        spec.given(*JUDGED, reopened()).when(complete()).then_refused(TokenStaleError)


class TestMarkOverdue:
    """Source: S2 4.4: one month; domain.md section 5: review overdue."""

    MARK = MarkOverdue(assessment=NOTHING_ELSE, at=DUE_AT)

    def test_tells_the_holder_once(self) -> None:
        spec.given(*HELD).when(self.MARK).then(overdue())
        spec.given(*HELD, overdue()).when(self.MARK).then_nothing()

    def test_tells_whoever_let_it_lapse(self) -> None:
        spec.given(*HELD, lapsed()).when(self.MARK).then(overdue())

    def test_tells_nobody_who_gave_it_back(self) -> None:
        spec.given(*HELD, released()).when(self.MARK).then(overdue(None))
        spec.given(requested()).when(self.MARK).then(overdue(None))

    def test_changes_nothing_before_it_is_due_or_once_judged(self) -> None:
        early = MarkOverdue(
            assessment=NOTHING_ELSE, at=DUE_AT - timedelta(microseconds=1)
        )
        spec.given(*HELD).when(early).then_nothing()
        spec.given(*JUDGED).when(self.MARK).then_nothing()
        spec.given(requested(), CLOSED).when(self.MARK).then_nothing()
        spec.given().when(self.MARK).then_nothing()

    def test_counts_anew_after_a_return(self) -> None:
        history = (*HELD, overdue(), *all_judged(), drafted(), completed(), reopened())
        spec.given(*history).when(self.MARK).then_nothing()
        told = overdue().model_copy(
            update={"due_at": LATER_DUE, "occurred_at": LATER_DUE}
        )
        spec.given(*history).when(
            MarkOverdue(assessment=NOTHING_ELSE, at=LATER_DUE)
        ).then(told)


def test_a_lease_that_ended_is_taken_back_from_a_closed_review_without_a_word() -> None:
    """Source: architecture.md: what is due is a hint, the command folds."""
    spec.given(requested(), CLOSED).when(
        LapseClaim(token=1, at=LEASE_ENDS_AT)
    ).then_nothing()


class TestStillTrue:
    """Source: domain.md section 5: checked at the moment of sending."""

    @pytest.mark.parametrize("told", [allocated(), overdue()])
    def test_while_they_hold_it_or_let_it_lapse(self, told: Fact) -> None:
        for history in (HELD, (*HELD, lapsed()), (*HELD, KEPT)):
            assert is_still_true(told, spec.state(*history), is_held=False)

    @pytest.mark.parametrize("told", [allocated(), overdue()])
    @pytest.mark.parametrize(
        "after",
        [
            (released(),),
            (claim_ended("nominated_as_mentor"),),
            (claim_ended("withdrawn"), CLOSED),
            (completed(),),
            (completed(), reopened()),
            (lapsed(), claimed("sam", token=2)),
        ],
        ids=["given back", "taken away", "closed", "judged", "due later", "another's"],
    )
    def test_not_when_they_need_not_judge_it(
        self, told: Fact, after: tuple[object, ...]
    ) -> None:
        assert not is_still_true(told, spec.state(*HELD, *after), is_held=False)

    @pytest.mark.parametrize("to", ["rita", "sam"])
    def test_once_of_what_was_taken_back_and_given_again(self, to: str) -> None:
        """Whoever is told of both at once reads the same twice."""
        again = (
            AllocationWithdrawn(reviewer_id="rita", because="office", occurred_at=AT),
            Reserved(reviewer_id=to, occurred_at=AT),
            allocated(to),
        )
        given = Reserved(reviewer_id="rita", occurred_at=AT)
        state = spec.state(requested(), given, allocated(), *again)
        assert not is_still_true(allocated(), state, is_held=False, since=again)
        assert is_still_true(allocated(to), state, is_held=False, since=())

    def test_of_nothing_else(self) -> None:
        assert not is_still_true(claimed(), spec.state(*HELD), is_held=False)
        assert not is_still_true(allocated(), spec.state(), is_held=False)
