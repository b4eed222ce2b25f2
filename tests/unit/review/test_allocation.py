"""Keeping a review for one reviewer: given, claimed, withdrawn, freed."""

from datetime import timedelta

import pytest

from services.review.domain.allocation.commands import (
    AllocateReview,
    FreeAllocation,
    WithdrawAllocation,
)
from services.review.domain.allocation.keeping import (
    AllocatedAlreadyError,
    HeldAllocationError,
    OwnCaseError,
)
from services.review.domain.claims import (
    AllocatedToSomebodyElseError,
    HeldBySomebodyElseError,
)
from services.review.domain.decide import (
    AlreadyCompletedError,
    UnknownReviewError,
    review,
)
from services.review.domain.independence import (
    DeclaredConflictError,
    OwnOrganisationError,
)
from services.review.domain.reviewer.decide import NotAReviewerError
from services.review.domain.reviewer.evolve import NotRegistered, Registered, Reviewer
from services.review.domain.turns import Allocated, AllocationWithdrawn, Reserved
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    LATER_DUE,
    LEASE_ENDS_AT,
    NOTHING_ELSE,
    RITA,
    SAM,
    all_judged,
    allocated,
    claim,
    claimed,
    completed,
    drafted,
    lapsed,
    overdue,
    released,
    reopened,
    requested,
)

spec = Scenario(review)
CONFLICTED = Registered(
    "rita", "south-college", conflicts=frozenset({("case", "case-1")})
)


def given_to(who: str = "rita") -> tuple[Reserved, Allocated]:
    return Reserved(reviewer_id=who, occurred_at=AT), allocated(who)


def allocate(to: Reviewer = RITA, by: str = "olga", who: str = "") -> AllocateReview:
    name = to.reviewer_id if isinstance(to, Registered) else who
    return AllocateReview(
        reviewer_id=name, reviewer=to, assessment=NOTHING_ELSE, by=by, at=AT
    )


def withdraw(by: str = "olga") -> WithdrawAllocation:
    return WithdrawAllocation(by=by, at=AT)


def free(now: Reviewer, who: str = "rita") -> FreeAllocation:
    return FreeAllocation(reviewer_id=who, reviewer=now, assessment=NOTHING_ELSE, at=AT)


WITHDRAWN = AllocationWithdrawn(reviewer_id="rita", because="office", occurred_at=AT)
FREED = AllocationWithdrawn(
    reviewer_id="rita", because="not_independent", occurred_at=AT
)
KEPT = (requested(), *given_to())


class TestAllocate:
    """Source: moderation.md, "Reviewing": allocated."""

    def test_keeps_the_review_and_tells_its_reviewer(self) -> None:
        spec.given(requested()).when(allocate()).then(*given_to())

    def test_twice_is_done_once(self) -> None:
        spec.given(*KEPT).when(allocate()).then_nothing()

    def test_refuses_a_second_reviewer(self) -> None:
        spec.given(*KEPT).when(allocate(SAM)).then_refused(AllocatedAlreadyError)

    def test_refuses_a_reviewer_with_a_bond(self) -> None:
        """Source: domain.md section 1."""
        nora = Registered("nora", "north-college")
        given = spec.given(requested())
        given.when(allocate(nora)).then_refused(OwnOrganisationError)
        given.when(allocate(CONFLICTED)).then_refused(DeclaredConflictError)
        nobody = allocate(NotRegistered(), who="nobody")
        given.when(nobody).then_refused(NotAReviewerError)

    def test_refuses_the_participant_of_the_case(self) -> None:
        given = spec.given(requested())
        given.when(allocate(by="ana")).then_refused(OwnCaseError)
        spec.given(*KEPT).when(withdraw(by="ana")).then_refused(OwnCaseError)

    def test_leaves_a_review_with_whoever_is_at_work_on_it(self) -> None:
        held = spec.given(requested(), allocated(), claimed())
        held.when(allocate(SAM)).then_refused(HeldBySomebodyElseError)
        held.when(allocate(RITA)).then(*given_to())

    def test_refuses_what_is_judged_or_unknown(self) -> None:
        judged = spec.given(requested(), claimed(), *all_judged(), completed())
        judged.when(allocate()).then_refused(AlreadyCompletedError)
        spec.given().when(allocate()).then_refused(UnknownReviewError)


class TestClaim:
    """Source: moderation.md, "Reviewing": why it is theirs."""

    def test_is_free_to_the_reviewer_it_was_given_to(self) -> None:
        given = spec.given(*KEPT)
        given.when(claim(kept_for=RITA)).then(claimed())

    def test_is_refused_to_others(self) -> None:
        given = spec.given(*KEPT)
        given.when(claim(SAM, kept_for=RITA)).then_refused(AllocatedToSomebodyElseError)

    def test_stays_refused_to_others_after_a_lapse_and_a_release(self) -> None:
        for ended in (lapsed(), released()):
            given = spec.given(*KEPT, claimed(), ended)
            late = claim(SAM, at=LEASE_ENDS_AT + timedelta(days=1), kept_for=RITA)
            given.when(late).then_refused(AllocatedToSomebodyElseError)

    def test_is_free_to_others_once_its_reviewer_may_not_judge_it(self) -> None:
        """Source: domain.md section 1."""
        given = spec.given(*KEPT)
        given.when(claim(SAM, kept_for=CONFLICTED)).then(
            allocated("sam"), claimed("sam")
        )


class TestWithdraw:
    def test_lets_others_claim_it(self) -> None:
        spec.given(*KEPT).when(withdraw()).then(WITHDRAWN)
        free_again = spec.given(*KEPT, WITHDRAWN)
        free_again.when(claim(SAM)).then(allocated("sam"), claimed("sam"))
        free_again.when(withdraw()).then_nothing()

    def test_waits_for_a_claim_to_end(self) -> None:
        spec.given(*KEPT, claimed()).when(withdraw()).then_refused(HeldAllocationError)
        spec.given(*KEPT, claimed(), lapsed()).when(withdraw()).then(WITHDRAWN)

    def test_lets_others_judge_what_was_returned(self) -> None:
        judged = (requested(), allocated(), claimed(), *all_judged(), drafted())
        back = spec.given(*judged, completed(), reopened())
        back.when(withdraw()).then(WITHDRAWN)


class TestFree:
    """A conflict that is declared late frees what was given to its reviewer."""

    def test_lets_others_claim_it(self) -> None:
        """Source: domain.md section 1."""
        spec.given(*KEPT).when(free(CONFLICTED)).then(FREED)

    @pytest.mark.parametrize(
        ("now", "who"), [(RITA, "rita"), (CONFLICTED, "sam")], ids=["may", "other"]
    )
    def test_leaves_what_is_kept_rightly(self, now: Registered, who: str) -> None:
        spec.given(*KEPT).when(free(now, who)).then_nothing()

    def test_leaves_what_is_not_kept_or_not_there(self) -> None:
        spec.given(*KEPT, FREED).when(free(CONFLICTED)).then_nothing()
        spec.given().when(free(CONFLICTED)).then_nothing()


class TestExpected:
    """Who is told that a review is overdue."""

    def test_is_whom_it_was_given_to(self) -> None:
        assert spec.state(*KEPT).last_holder_id == "rita"
        assert spec.state(*KEPT, claimed(), released()).last_holder_id == "rita"
        assert spec.state(*KEPT, overdue(), WITHDRAWN).last_holder_id is None

    def test_stays_the_holder_when_a_bond_is_found(self) -> None:
        assert spec.state(*KEPT, claimed(), FREED).last_holder_id == "rita"

    def test_is_whom_it_was_returned_to(self) -> None:
        judged = (requested(), claimed(), *all_judged(), completed(), reopened())
        state = spec.state(*judged)
        assert (state.kept_for, state.request.due_at) == ("rita", LATER_DUE)
