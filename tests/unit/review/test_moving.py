"""A review changes hands: handed over by its holder, taken over by the office."""

from datetime import timedelta

from services.review.domain.allocation.commands import (
    HandOverReview,
    Holder,
    ReferReview,
    TakeOverReview,
)
from services.review.domain.allocation.keeping import OwnCaseError
from services.review.domain.allocation.moving import (
    AlreadyTheirsError,
    NobodysReviewError,
)
from services.review.domain.claims import (
    AllocatedToSomebodyElseError,
    ReferredToTheLeadError,
    ReturnedToItsReviewerError,
    TokenMissingError,
    TokenNotYoursError,
    TokenStaleError,
)
from services.review.domain.decide import AlreadyCompletedError, review
from services.review.domain.independence import OwnOrganisationError
from services.review.domain.reviewer.decide import NotAReviewerError
from services.review.domain.reviewer.evolve import NotRegistered, Registered, Reviewer
from services.review.domain.turns import HandedOver, Referred, Reserved, TakenOver
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
    holder,
    judge,
    released,
    reopened,
    requested,
    sealed,
)

spec = Scenario(review)
NORA = Registered("nora", "north-college")
HELD = (requested(), allocated(), claimed(), *all_judged(), drafted())
REASON = sealed("reason")
HANDED = HandedOver(
    reviewer_id="rita", token=1, to_id="sam", reason=REASON, occurred_at=AT
)
FOR_SAM = (Reserved(reviewer_id="sam", occurred_at=AT), allocated("sam"))


def hand_over(
    to: Reviewer = SAM, to_id: str = "sam", by: Holder | None = None
) -> HandOverReview:
    return HandOverReview(by=by or holder(), to_id=to_id, to=to, reason=REASON, at=AT)


def take_over(to: Registered | None = SAM, by: str = "lena") -> TakeOverReview:
    return TakeOverReview(
        by=by,
        by_role="lead_moderator",
        to=None if to is None else (to.reviewer_id, to),
        assessment=NOTHING_ELSE,
        reason=REASON,
        at=AT,
    )


def taken(to_id: str | None = "sam") -> TakenOver:
    return TakenOver(
        reviewer_id="rita",
        by_role="lead_moderator",
        to_id=to_id,
        reason=REASON,
        occurred_at=AT,
    )


class TestHandOver:
    """Source: moderation.md, "Reviewing": hand-over."""

    def test_keeps_the_review_for_the_colleague(self) -> None:
        spec.given(*HELD).when(hand_over()).then(HANDED, *FOR_SAM)
        after = spec.given(*HELD, HANDED, *FOR_SAM)
        after.when(claim(RITA, kept_for=SAM)).then_refused(AllocatedToSomebodyElseError)
        after.when(claim(SAM, kept_for=SAM)).then(claimed("sam", token=2))

    def test_leaves_the_drafts_with_their_author(self) -> None:
        state = spec.state(*HELD, HANDED, *FOR_SAM, claimed("sam", token=2))
        assert state.draft_of("sam").judgements == {}
        assert len(state.draft_of("rita").judgements) == 3
        assert state.draft_of("rita").feedback == drafted()

    def test_ends_the_token(self) -> None:
        given = spec.given(*HELD, HANDED, *FOR_SAM)
        given.when(judge()).then_refused(TokenStaleError)

    def test_needs_the_claim_in_force(self) -> None:
        """Source: moderation.md: a fencing token checked on every write."""
        given = spec.given(*HELD)
        given.when(hand_over(by=holder(token=None))).then_refused(TokenMissingError)
        foreign = hand_over(by=holder(SAM))
        given.when(foreign).then_refused(TokenNotYoursError)
        gone = spec.given(*HELD, released())
        gone.when(hand_over()).then_refused(TokenStaleError)

    def test_refuses_a_colleague_with_a_bond_or_without_the_role(self) -> None:
        """Source: domain.md section 1."""
        given = spec.given(*HELD)
        given.when(hand_over(NORA, "nora")).then_refused(OwnOrganisationError)
        nobody = hand_over(NotRegistered(), "nobody")
        given.when(nobody).then_refused(NotAReviewerError)
        given.when(hand_over(RITA, "rita")).then_refused(AlreadyTheirsError)

    def test_is_open_to_a_holder_who_found_a_bond(self) -> None:
        bound = Registered("rita", "north-college")
        given = spec.given(*HELD)
        given.when(hand_over(by=holder(bound))).then(HANDED, *FOR_SAM)

    def test_is_refused_for_what_moderation_returned(self) -> None:
        back = spec.given(*HELD, completed(), reopened(), claimed(token=2))
        given = hand_over(by=holder(token=2))
        back.when(given).then_refused(ReturnedToItsReviewerError)

    def test_is_open_to_whoever_was_given_what_was_returned_to_another(self) -> None:
        """Source: moderation.md 5: it is its reviewer who is to judge again."""
        given = (taken(), *FOR_SAM, claimed("sam", token=2))
        back = spec.given(*HELD, completed(), reopened(), *given)
        handing = hand_over(Registered("tom", "east-college"), "tom", holder(SAM, 2))
        handed, _, told = back.when(handing).decide()
        assert (handed.reviewer_id, handed.to_id) == ("sam", "tom")
        assert told.due_at == LATER_DUE


class TestTakeOver:
    """Source: moderation.md, "Reviewing": take-over by the lead."""

    def test_gives_a_held_review_to_somebody_else(self) -> None:
        spec.given(*HELD).when(take_over()).then(taken(), *FOR_SAM)

    def test_lets_anybody_claim_it_when_nobody_is_named(self) -> None:
        spec.given(*HELD).when(take_over(None)).then(taken(None))
        after = spec.given(*HELD, taken(None))
        after.when(claim(SAM)).then(allocated("sam"), claimed("sam", token=2))
        after.when(claim(RITA)).then(claimed(token=2))

    def test_takes_what_is_kept_and_not_held(self) -> None:
        reserved = Reserved(reviewer_id="rita", occurred_at=AT)
        spec.given(requested(), reserved).when(take_over()).then(taken(), *FOR_SAM)
        back = spec.given(*HELD, completed(), reopened())
        later = allocated("sam", due_at=LATER_DUE)
        back.when(take_over()).then(taken(), FOR_SAM[0], later)

    def test_is_seen_by_whom_it_was_taken_from_until_they_claim_again(self) -> None:
        assert spec.state(*HELD, taken()).taken == {"rita": taken()}
        assert spec.state(*HELD, taken(None), claimed(token=2)).taken == {}

    def test_keeps_the_drafts(self) -> None:
        state = spec.state(*HELD, taken(), *FOR_SAM)
        assert len(state.draft_of("rita").judgements) == 3
        assert state.draft_of("sam").judgements == {}

    def test_refuses_where_there_is_nobody_to_take_it_from(self) -> None:
        given = spec.given(requested())
        given.when(take_over()).then_refused(NobodysReviewError)
        late = take_over()
        expired = TakeOverReview(
            by=late.by,
            by_role=late.by_role,
            to=late.to,
            assessment=late.assessment,
            reason=late.reason,
            at=LEASE_ENDS_AT + timedelta(minutes=1),
        )
        spec.given(*HELD).when(expired).then_refused(NobodysReviewError)

    def test_refuses_who_has_it_who_may_not_and_the_participant(self) -> None:
        """Source: domain.md section 1."""
        given = spec.given(*HELD)
        given.when(take_over(RITA)).then_refused(AlreadyTheirsError)
        given.when(take_over(NORA)).then_refused(OwnOrganisationError)
        given.when(take_over(by="ana")).then_refused(OwnCaseError)
        judged = spec.given(*HELD, completed())
        judged.when(take_over()).then_refused(AlreadyCompletedError)


REFERRED = Referred(reviewer_id="rita", token=1, note=REASON, occurred_at=AT)


def refer(by: Holder | None = None) -> ReferReview:
    return ReferReview(by=by or holder(), note=REASON, at=AT)


class TestRefer:
    """Source: moderation.md, "Reviewing": "refer to moderator"."""

    def test_ends_the_claim_and_keeps_the_drafts(self) -> None:
        spec.given(*HELD).when(refer()).then(REFERRED)
        state = spec.state(*HELD, REFERRED)
        assert (state.claim, state.kept_for, state.last_holder_id) == (None, None, None)
        assert len(state.draft_of("rita").judgements) == 3

    def test_keeps_everybody_from_it_until_it_is_allocated(self) -> None:
        waits = spec.given(*HELD, REFERRED)
        for who in (RITA, SAM):
            waits.when(claim(who)).then_refused(ReferredToTheLeadError)
        given = spec.given(*HELD, REFERRED, *FOR_SAM)
        given.when(claim(SAM, kept_for=SAM)).then(claimed("sam", token=2))
        again = (Reserved(reviewer_id="rita", occurred_at=AT), allocated())
        same = spec.given(*HELD, REFERRED, *again)
        same.when(claim(kept_for=RITA)).then(claimed(token=2))

    def test_needs_the_claim_in_force(self) -> None:
        given = spec.given(*HELD)
        given.when(refer(holder(SAM))).then_refused(TokenNotYoursError)
        spec.given(*HELD, REFERRED).when(refer()).then_refused(TokenStaleError)

    def test_names_no_level(self) -> None:
        """So that nothing of a judgement leaves before it is complete."""
        assert set(Referred.model_fields) == {
            "type", "occurred_at", "reviewer_id", "token", "note",
        }  # fmt: skip
