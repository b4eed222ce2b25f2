"""Requesting, claiming, keeping and losing a review."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.review.domain.allocation.commands import Holder
from services.review.domain.claims import (
    HeldBySomebodyElseError,
    NotOpenYetError,
    TokenMissingError,
    TokenNotYoursError,
    TokenStaleError,
)
from services.review.domain.commands import LapseClaim
from services.review.domain.decide import (
    AlreadyCompletedError,
    RequestedDifferentlyError,
    UnknownReviewError,
    review,
)
from services.review.domain.reviewer.decide import NotAReviewerError
from services.review.domain.reviewer.evolve import NotRegistered
from services.review.domain.situations import Waiting
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    LEASE,
    LEASE_ENDS_AT,
    OPENS_AT,
    SAM,
    Write,
    all_judged,
    allocated,
    claim,
    claimed,
    complete,
    completed,
    draft,
    drafted,
    extend,
    extended,
    holder,
    judge,
    judged,
    lapsed,
    release,
    released,
    request,
    requested,
)

spec = Scenario(review)
SECOND = timedelta(seconds=1)
SAMS_TOKEN = holder(SAM, token=2)


class TestRequestReview:
    def test_lets_a_portfolio_be_judged(self) -> None:
        """Source: S2 4.4."""
        spec.given().when(request()).then(requested())

    def test_changes_nothing_the_second_time(self) -> None:
        """Source: architecture.md: the inbox is exact, and so is the decider."""
        spec.given(requested()).when(request()).then_nothing()
        spec.given(requested(), claimed()).when(request()).then_nothing()
        spec.given(requested(), claimed(), completed()).when(request()).then_nothing()

    def test_refuses_another_portfolio_for_the_same_attempt(self) -> None:
        """Source: architecture.md: submitting writes an immutable snapshot."""
        spec.given(requested()).when(request(snapshot_sha256="b" * 64)).then_refused(
            RequestedDifferentlyError
        )


class TestClaimReview:
    def test_gives_a_lease_of_sixty_minutes_and_the_first_token(self) -> None:
        """Source: moderation.md, "Reviewing" (P)."""
        spec.given(requested()).when(claim()).then(allocated(), claimed())

    def test_is_open_from_the_end_of_the_cohort_deadline(self) -> None:
        """Source: S2 4.4: review starts after the submission deadline."""
        spec.given(requested()).when(claim(at=OPENS_AT)).then(
            allocated(at=OPENS_AT), claimed(at=OPENS_AT)
        )

    def test_refuses_before_the_end_of_the_cohort_deadline(self) -> None:
        """Source: S2 4.4."""
        early = OPENS_AT - timedelta(microseconds=1)
        refused = (
            spec.given(requested()).when(claim(at=early)).then_refused(NotOpenYetError)
        )
        assert refused.context["opens_at"] == OPENS_AT.isoformat()

    def test_changes_nothing_for_the_holder(self) -> None:
        spec.given(requested(), claimed()).when(claim()).then_nothing()

    def test_refuses_while_somebody_else_holds_it(self) -> None:
        """Source: moderation.md: the owner of a claim is visible."""
        refused = (
            spec.given(requested(), claimed())
            .when(claim(SAM))
            .then_refused(HeldBySomebodyElseError)
        )
        assert refused.context["until"] == LEASE_ENDS_AT.isoformat()

    def test_takes_over_the_moment_the_lease_ends(self) -> None:
        """Source: moderation.md: a lapsed lease returns the case."""
        spec.given(requested(), claimed()).when(claim(SAM, at=LEASE_ENDS_AT)).then(
            lapsed(),
            allocated("sam", at=LEASE_ENDS_AT),
            claimed("sam", token=2, at=LEASE_ENDS_AT),
        )

    def test_gives_a_larger_token_every_time(self) -> None:
        """Source: moderation.md: fencing token."""
        later = AT + timedelta(minutes=5)
        history = (requested(), allocated(), claimed(), released())
        spec.given(*history).when(claim(at=later)).then(claimed(token=2, at=later))

    def test_refuses_somebody_who_is_not_a_reviewer(self) -> None:
        """Source: domain.md section 1."""
        stranger = replace(claim(), reviewer_id="zoe", reviewer=NotRegistered())
        spec.given(requested()).when(stranger).then_refused(NotAReviewerError)

    def test_refuses_a_review_nobody_asked_for(self) -> None:
        spec.given().when(claim()).then_refused(UnknownReviewError)

    def test_refuses_a_completed_review(self) -> None:
        spec.given(requested(), claimed(), completed()).when(claim(SAM)).then_refused(
            AlreadyCompletedError
        )


class TestHolder:
    """What every write of a claim must show."""

    WRITES = (judge, draft, complete, extend, release)

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_a_write_without_a_token(self, write: Write) -> None:
        """Source: moderation.md: a fencing token checked on every write."""
        spec.given(requested(), claimed()).when(
            write(by=holder(token=None))
        ).then_refused(TokenMissingError)

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_a_stale_token(self, write: Write) -> None:
        """Source: moderation.md: a fencing token checked on every write."""
        again = claimed(token=2)
        spec.given(requested(), claimed(), released(), again).when(
            write(by=holder(token=1))
        ).then_refused(TokenStaleError)

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_somebody_else_s_token(self, write: Write) -> None:
        """Source: moderation.md: a fencing token checked on every write."""
        spec.given(requested(), claimed()).when(
            write(by=holder(SAM, token=1))
        ).then_refused(TokenNotYoursError)

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_a_token_nobody_was_given(self, write: Write) -> None:
        spec.given(requested(), claimed()).when(write(by=holder(token=7))).then_refused(
            TokenNotYoursError
        )

    @pytest.mark.parametrize("write", WRITES)
    def test_refuses_every_write_once_the_lease_has_ended(self, write: Write) -> None:
        """Source: moderation.md: also before the lapse is recorded."""
        spec.given(requested(), claimed()).when(
            write(by=holder(), at=LEASE_ENDS_AT)
        ).then_refused(TokenStaleError)

    @pytest.mark.parametrize("write", [judge, draft, complete, extend])
    def test_refuses_every_write_once_the_lapse_is_recorded(self, write: Write) -> None:
        """Source: moderation.md: a lapsed lease returns the case."""
        spec.given(requested(), claimed(), lapsed()).when(
            write(by=holder(), at=LEASE_ENDS_AT + SECOND)
        ).then_refused(TokenStaleError)


class TestExtendClaim:
    def test_counts_the_lease_from_the_last_activity(self) -> None:
        """Source: moderation.md: extended by activity."""
        later = AT + timedelta(minutes=20)
        spec.given(requested(), claimed()).when(extend(at=later)).then(extended(later))

    def test_happens_with_every_write(self) -> None:
        """Source: moderation.md: extended by activity."""
        later = AT + timedelta(minutes=20)
        spec.given(requested(), claimed()).when(judge(at=later)).then(
            judged(occurred_at=later), extended(later)
        )
        spec.given(requested(), claimed()).when(draft(at=later)).then(
            drafted(at=later), extended(later)
        )

    def test_keeps_the_claim_beyond_the_first_lease(self) -> None:
        """Source: moderation.md: extended by activity."""
        active = AT + timedelta(minutes=59)
        later = AT + LEASE + timedelta(minutes=30)
        spec.given(requested(), claimed(), extended(active)).when(judge(at=later)).then(
            judged(occurred_at=later), extended(later)
        )

    def test_changes_nothing_at_the_same_instant(self) -> None:
        spec.given(requested(), claimed()).when(extend()).then_nothing()


class TestReleaseClaim:
    def test_gives_the_review_back(self) -> None:
        """Source: moderation.md: release."""
        spec.given(requested(), claimed()).when(release()).then(released())

    def test_changes_nothing_the_second_time(self) -> None:
        spec.given(requested(), claimed(), released()).when(release()).then_nothing()

    def test_leaves_it_free_for_the_next(self) -> None:
        spec.given(requested(), claimed(), released()).when(claim(SAM)).then(
            allocated("sam"), claimed("sam", token=2)
        )


class TestLapseClaim:
    def test_returns_the_case_when_the_lease_ends(self) -> None:
        """Source: moderation.md: 60 minutes (P)."""
        spec.given(requested(), claimed()).when(
            LapseClaim(token=1, at=LEASE_ENDS_AT)
        ).then(lapsed())

    def test_changes_nothing_before_that(self) -> None:
        spec.given(requested(), claimed()).when(
            LapseClaim(token=1, at=LEASE_ENDS_AT - SECOND)
        ).then_nothing()

    def test_changes_nothing_when_the_holder_was_active_meanwhile(self) -> None:
        """Source: architecture.md: what is due is a hint, the command folds."""
        active = extended(AT + timedelta(minutes=1))
        spec.given(requested(), claimed(), active).when(
            LapseClaim(token=1, at=LEASE_ENDS_AT)
        ).then_nothing()

    def test_never_ends_a_later_claim(self) -> None:
        """Source: moderation.md: fencing token."""
        spec.given(requested(), claimed(), released(), claimed("sam", token=2)).when(
            LapseClaim(token=1, at=LEASE_ENDS_AT)
        ).then_nothing()

    def test_changes_nothing_once_completed(self) -> None:
        spec.given(requested(), claimed(), completed()).when(
            LapseClaim(token=1, at=LEASE_ENDS_AT)
        ).then_nothing()

    def test_keeps_what_was_written_for_its_author_alone(self) -> None:
        """Source: moderation.md: the draft is kept; domain.md 1: nobody sees it."""
        state = spec.state(
            requested(),
            claimed(),
            *all_judged(),
            lapsed(),
            claimed("sam", token=2, at=LEASE_ENDS_AT),
        )
        assert isinstance(state, Waiting)
        assert len(state.draft_of("rita").judgements) == 3
        assert not state.draft_of("sam").judgements

    def test_lets_the_author_go_on_where_they_stopped(self) -> None:
        """Source: moderation.md: a lapsed lease returns the case, the draft is kept."""
        back = LEASE_ENDS_AT + LEASE
        spec.given(
            requested(),
            claimed(),
            *all_judged(),
            drafted(),
            lapsed(),
            claimed(token=2, at=back),
        ).when(complete(by=holder(token=2), at=back)).then(
            completed(token=2, occurred_at=back)
        )


def test_a_holder_with_two_tokens_writes_only_with_the_later() -> None:
    """Source: moderation.md: fencing token."""
    history = (requested(), claimed(), released(), claimed(token=2))
    later: Holder = holder(token=2)
    spec.given(*history).when(judge(by=later)).then(judged(token=2))
    spec.given(*history).when(judge(by=holder(token=1))).then_refused(TokenStaleError)
