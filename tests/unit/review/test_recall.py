"""Taking back a completed judgement: until when, by whom, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any, TypeVar

import pytest
import structlog

from services.review.app import CODEC
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.claims import TokenStaleError
from services.review.domain.commands import (
    CloseReview,
    LapseClaim,
    MarkOverdue,
    RecallJudgement,
    ReopenReview,
    RestoreJudgement,
)
from services.review.domain.decide import AlreadyCompletedError, review
from services.review.domain.events import Claimed
from services.review.domain.independence import DeclaredConflictError
from services.review.domain.late import JudgementSetAside
from services.review.domain.recalling import (
    AlreadyRecalledError,
    NotYourJudgementError,
    RecallClosedError,
    RecallReleasedError,
    RecallReturnedError,
    RecallTooLateError,
    ToldAtOnceError,
)
from services.review.domain.recalls import JudgementRestored, Recalled
from services.review.domain.reviewer.evolve import Registered
from services.review.domain.situations import Judged, Waiting
from services.review.domain.turns import Referred
from services.review.handlers import Recalling, RecallWords, Sealing, Shown
from services.review.outgoing import to_public
from shared.contracts import review as public
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised, ReturnOrdered
from shared.eventlog import Metadata, StreamWrite, UnitOfWork
from shared.handling import Cause, Handled
from shared.ids import new_id
from tests.support.keys import memory_vault
from tests.support.specification import Scenario
from tests.unit.review.examples import (
    AT,
    CLOSED,
    DUE_AT,
    LEASE,
    NOTHING_ELSE,
    RITA,
    SAM,
    all_judged,
    allocated,
    claim,
    claimed,
    complete,
    completed,
    drafted,
    extended,
    holder,
    judge,
    lapsed,
    released,
    reopened,
    requested,
    sealed,
)
from tests.unit.review.test_allocation import given_to
from tests.unit.review.test_interleavings import MESSAGES, World, received
from tests.unit.review.test_moving import taken
from tests.unit.review.test_translation import row_after

spec = Scenario(review)
LAST = AT + timedelta(minutes=15)
SECOND = timedelta(seconds=1)
STREAM = "review-case-1.1.1"
METADATA = Metadata(
    actor="rita", role="reviewer", correlation_id=new_id(), causation_id=new_id()
)

T = TypeVar("T", OutcomeReleased, OutcomeRevised)
HELD = (requested(), allocated(), claimed())
JUDGED = (*HELD, *all_judged(), drafted(), completed())


def recall(by: Registered = RITA, at: datetime = LAST, **changes: Any) -> Any:
    asked: dict[str, Any] = {
        "reviewer_id": by.reviewer_id,
        "reviewer": by,
        "assessment": NOTHING_ELSE,
        "reason": None,
        "recall_minutes": 15,
        "lease_minutes": 60,
        "at": at,
    }
    return RecallJudgement(**asked | changes)


def recalled(at: datetime = LAST, **changes: Any) -> Recalled:
    happened: dict[str, Any] = {
        "review_id": "case-1.1.1",
        "case_id": "case-1",
        "attempt": 1,
        "reviewer_id": "rita",
        "token": 1,
        "reason": None,
        "due_at": DUE_AT,
        "occurred_at": at,
    }
    return Recalled(**happened | changes)


TAKEN_BACK = (*JUDGED, recalled(), claimed(token=2, at=LAST))
ASIDE = JudgementSetAside(
    review_id="case-1.1.1",
    case_id="case-1",
    attempt=1,
    reviewer_id="sam",
    token=1,
    because="declared",
    due_at=DUE_AT,
    occurred_at=AT,
)


class TestRecall:
    """Source: domain.md section 4; moderation.md, "Reviewing": 15 minutes (P)."""

    def test_gives_the_review_back_by_a_token_of_its_own(self) -> None:
        spec.given(*JUDGED).when(recall()).then(recalled(), claimed(token=2, at=LAST))

    def test_keeps_everything_that_was_written(self) -> None:
        state = spec.state(*TAKEN_BACK)
        assert isinstance(state, Waiting)
        assert state.draft_of("rita") == spec.state(*JUDGED[:-1]).draft_of("rita")

    def test_keeps_what_was_said_about_it(self) -> None:
        said = sealed("reason")
        (fact, _) = spec.given(*JUDGED).when(recall(reason=said)).decide()
        assert fact.reason == said

    def test_is_refused_one_second_too_late(self) -> None:
        refused = (
            spec.given(*JUDGED)
            .when(recall(at=LAST + SECOND))
            .then_refused(RecallTooLateError)
        )
        assert refused.context == {"until": LAST.isoformat()}

    def test_lasts_as_long_as_the_policy_says(self) -> None:
        spec.given(*JUDGED).when(recall(recall_minutes=14)).then_refused(
            RecallTooLateError
        )

    @pytest.mark.parametrize(
        "history", [HELD, JUDGED, (*JUDGED, reopened()), TAKEN_BACK, (*JUDGED, CLOSED)]
    )
    def test_is_refused_to_somebody_else(self, history: tuple[Any, ...]) -> None:
        spec.given(*history).when(recall(SAM)).then_refused(NotYourJudgementError)

    def test_is_refused_without_a_judgement(self) -> None:
        spec.given(*HELD).when(recall()).then_refused(NotYourJudgementError)

    def test_is_refused_once_the_participant_has_withdrawn(self) -> None:
        spec.given(*JUDGED, CLOSED).when(recall()).then_refused(RecallClosedError)

    def test_is_refused_once_moderation_has_returned_it(self) -> None:
        spec.given(*JUDGED, reopened()).when(recall()).then_refused(RecallReturnedError)

    def test_is_refused_once_the_outcome_is_released(self) -> None:
        known = Assessment(released=frozenset({"case-1.1.1"}))
        spec.given(*JUDGED).when(recall(assessment=known)).then_refused(
            RecallReleasedError
        )
        other = Assessment(released=frozenset({"case-1.2.1"}))
        assert spec.given(*JUDGED).when(recall(assessment=other)).decide()

    @pytest.mark.parametrize("before", [reopened(), ASIDE])
    def test_is_refused_of_a_fresh_review_that_was_judged_before(
        self, before: Any
    ) -> None:
        """Moderators have judged it: moderation tells it as soon as it stands."""
        again = (*JUDGED[1:], before, claimed(token=2), completed(token=2))
        afresh = requested(review_id="case-1.1.2")
        spec.given(afresh, *again).when(recall()).then_refused(ToldAtOnceError)
        assert spec.given(requested(), *again).when(recall()).decide()

    def test_is_possible_of_a_fresh_review_that_nobody_has_moderated(self) -> None:
        afresh = (requested(review_id="case-1.1.2"), *JUDGED[1:])
        assert spec.given(*afresh).when(recall()).decide()
        done = completed(token=2, follows_recall=True)
        again = (recalled(), claimed(token=2), done)
        assert spec.given(*afresh, *again).when(recall()).decide()

    def test_is_refused_to_somebody_who_may_not_judge_it_any_more(self) -> None:
        torn = replace(RITA, conflicts=frozenset({("case", "case-1")}))
        spec.given(*JUDGED).when(recall(torn)).then_refused(DeclaredConflictError)

    def test_does_nothing_twice(self) -> None:
        later = LAST + timedelta(minutes=59)
        spec.given(*TAKEN_BACK).when(recall(at=later)).then_nothing()

    def test_is_no_claim_once_the_lease_has_ended(self) -> None:
        ended = lapsed(token=2, at=LAST + LEASE)
        spec.given(*TAKEN_BACK, ended).when(recall()).then_refused(AlreadyRecalledError)
        spec.given(*TAKEN_BACK).when(recall(at=LAST + LEASE)).then_refused(
            AlreadyRecalledError
        )


class TestRecalledReview:
    """Source: domain.md section 4: the first judgement stays a fact."""

    def test_is_written_with_the_new_token_alone(self) -> None:
        at = LAST + SECOND
        spec.given(*TAKEN_BACK).when(judge(by=holder(token=1), at=at)).then_refused(
            TokenStaleError
        )
        written = spec.given(*TAKEN_BACK).when(judge(by=holder(token=2), at=at))
        assert written.decide()[1] == extended(at, token=2)

    def test_is_completed_as_another_judgement(self) -> None:
        again = complete(by=holder(token=2), at=LAST + SECOND)
        spec.given(*TAKEN_BACK).when(again).then(
            completed(token=2, follows_recall=True, occurred_at=LAST + SECOND)
        )

    def test_can_be_taken_back_again(self) -> None:
        at = LAST + timedelta(minutes=3)
        done = completed(token=2, follows_recall=True, occurred_at=at)
        spec.given(*TAKEN_BACK, done).when(recall(at=at)).then(
            recalled(at, token=2), claimed(token=3, at=at)
        )

    def test_follows_no_recall_after_it_was_returned(self) -> None:
        """What moderation returned is told apart from what was taken back."""
        again = (completed(token=2, follows_recall=True), reopened())
        held = (*TAKEN_BACK, *again, claimed(token=3))
        (fact,) = spec.given(*held).when(complete(by=holder(token=3))).decide()
        assert (fact.token, fact.follows_recall) == (3, False)

    def test_is_free_to_others_once_the_lease_has_ended(self) -> None:
        at = LAST + LEASE
        spec.given(*TAKEN_BACK).when(LapseClaim(token=2, at=at)).then(
            lapsed(token=2, at=at)
        )
        spec.given(*TAKEN_BACK, lapsed(token=2, at=at)).when(claim(SAM, at)).then(
            allocated("sam", at), claimed("sam", 3, at)
        )

    def test_judged_by_somebody_else_follows_the_recall_too(self) -> None:
        taken_over = (
            *TAKEN_BACK,
            released(token=2),
            claimed("sam", 3),
            *all_judged(reviewer_id="sam", token=3),
            drafted("sam", 3),
        )
        spec.given(*taken_over).when(complete(by=holder(SAM, 3))).then(
            completed(reviewer_id="sam", token=3, follows_recall=True)
        )

    def test_falls_overdue_as_any_other(self) -> None:
        mark = MarkOverdue(assessment=NOTHING_ELSE, at=DUE_AT)
        (fact,) = spec.given(*TAKEN_BACK).when(mark).decide()
        assert fact.reviewer_id == "rita"

    def test_is_closed_by_a_withdrawal(self) -> None:
        facts = spec.given(*TAKEN_BACK).when(CloseReview(at=LAST)).decide()
        assert facts[-1].type == "review.Closed"

    def test_leaves_only_what_moderation_needs(self) -> None:
        """Source: domain.md section 4, the one private/public rule."""
        fact = recalled(reason=sealed("reason"))
        message = to_public(fact, None)  # type: ignore[arg-type]
        assert isinstance(message, public.Recalled)
        assert set(message.model_dump()) == {
            "type",
            "case_id",
            "review_id",
            "attempt",
            "reviewer_id",
            "token",
            "due_at",
            "recalled_at",
            "because",
        }


def returned(token: int | None) -> ReopenReview:
    return ReopenReview(
        reviewer_id="rita",
        token=token,
        reason=sealed("reason"),
        due_at=DUE_AT,
        at=LAST,
    )


class TestReturnBesideARecall:
    """Moderation and the reviewer may not have heard of each other."""

    def test_is_told_to_whoever_is_judging_again(self) -> None:
        facts = spec.given(*TAKEN_BACK).when(returned(1)).decide()
        assert [fact.type for fact in facts] == ["review.Reopened", "review.Allocated"]
        state = spec.state(*TAKEN_BACK, *facts)
        assert isinstance(state, Waiting)
        assert state.returned is not None
        assert state.claim is not None
        assert state.claim.token == 2

    def test_of_a_judgement_that_was_replaced_changes_nothing(self) -> None:
        again = completed(token=2, follows_recall=True)
        spec.given(*TAKEN_BACK, again).when(returned(1)).then_nothing()
        assert spec.given(*TAKEN_BACK, again).when(returned(2)).decide()
        assert spec.given(*TAKEN_BACK, again).when(returned(None)).decide()

    def test_leaves_alone_whoever_holds_it_instead(self) -> None:
        held = (*TAKEN_BACK, released(token=2), claimed("sam", 3))
        spec.given(*held).when(returned(1)).then_nothing()

    def test_leaves_alone_whom_the_office_gave_it_to_instead(self) -> None:
        for left in (released(token=2), taken(None)):
            given = (*TAKEN_BACK, left, *given_to("sam"))
            spec.given(*given).when(returned(1)).then_nothing()

    def test_gives_back_nothing_that_the_office_took_from_its_reviewer(self) -> None:
        """Once it is anybody's, whichever of the two was heard of first."""
        spec.given(*TAKEN_BACK, taken(None)).when(returned(1)).then_nothing()

    def test_needs_no_lead_any_more_where_its_reviewer_had_referred_it(self) -> None:
        referred = Referred(
            reviewer_id="rita", token=2, note=sealed("reason"), occurred_at=LAST
        )
        facts = spec.given(*TAKEN_BACK, referred).when(returned(1)).decide()
        after = (*TAKEN_BACK, referred, *facts)
        spec.given(*after).when(claim(at=LAST, kept_for=RITA)).then(
            claimed(token=3, at=LAST)
        )
        row = row_after(*after)
        assert (row.kept_for, row.referred_by, row.referred_at) == ("rita", None, None)


class TestRestoredJudgement:
    """Source: architecture.md: deciders accept every interleaving."""

    RESTORE = RestoreJudgement(at=LAST)
    RESTORED = JudgementRestored(reviewer_id="rita", token=1, occurred_at=LAST)

    def test_stands_when_its_outcome_was_told_meanwhile(self) -> None:
        spec.given(*TAKEN_BACK).when(self.RESTORE).then(self.RESTORED)
        state = spec.state(*TAKEN_BACK, self.RESTORED)
        assert isinstance(state, Judged)
        assert state.judgement == completed()

    def test_is_not_written_to_any_more(self) -> None:
        spec.given(*TAKEN_BACK, self.RESTORED).when(
            judge(by=holder(token=2), at=LAST)
        ).then_refused(AlreadyCompletedError)

    @pytest.mark.parametrize("history", [(), HELD, JUDGED, (*JUDGED, reopened())])
    def test_is_nothing_when_none_is_taken_back(self, history: tuple[Any, ...]) -> None:
        spec.given(*history).when(self.RESTORE).then_nothing()


def released_outcome() -> Received[Any]:
    return received(told(OutcomeReleased, took_part=("rita",)), "case-1")


def told(kind: type[T], **more: Any) -> T:
    """Return what moderation tells of the first attempt of Ana's case."""
    return kind(
        case_id="case-1",
        cohort_id="ats-2025-10",
        attempt=1,
        participant_id="ana",
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        outcome="CM",
        feedback=sealed("feedback"),
        released_at=AT,
        **more,
    )


def return_ordered() -> Received[Any]:
    body = ReturnOrdered(
        case_id="case-1",
        attempt=1,
        review_id="case-1.1.1",
        reviewer_id="rita",
        token=1,
        reason=sealed("reason"),
    )
    return received(body, "case-1")


@pytest.fixture
def _quiet() -> Any:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_quiet")
class TestInterleavings:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_with_a_release_never_leave_a_judgement_taken_back(self) -> None:
        """The reviewer takes it back before or after the release is heard of."""
        for order in permutations(("recall", "release")):
            world = await self._judged_world()
            for what in order:
                if what == "release":
                    await world.hear([released_outcome()])
                elif order[0] == "recall":
                    await world.recall()
                else:
                    with pytest.raises(RecallReleasedError):
                        await world.recall()
            _, state = await world.handling.fold(review, STREAM)
            assert isinstance(state, Judged)
            assert state.judgement.token == 1
            rows = await world.folds()
            assert rows["review case-1.1.1"].state == "completed"  # type: ignore[attr-defined]

    async def test_with_a_return_let_the_reviewer_judge_again(self) -> None:
        for order in permutations(("recall", "return")):
            world = await self._judged_world()
            for what in order:
                if what == "return":
                    await world.hear([return_ordered()])
                elif order[0] == "recall":
                    await world.recall()
                else:
                    with pytest.raises(RecallReturnedError):
                        await world.recall()
            _, state = await world.handling.fold(review, STREAM)
            assert isinstance(state, Waiting)
            assert state.returned is not None
            row = (await world.folds())["review case-1.1.1"]
            assert row.returned_to == "rita"  # type: ignore[attr-defined]

    async def test_of_a_recall_are_shown_until_it_is_judged_again(self) -> None:
        world = await self._judged_world()
        await world.recall()
        row: Any = (await world.folds())["review case-1.1.1"]
        assert (row.state, row.holder_id) == ("claimed", "rita")
        assert (row.recalled_by, row.recalled_at) == ("rita", AT + SECOND)
        await world.append(completed(token=2, follows_recall=True))
        row = (await world.folds())["review case-1.1.1"]
        assert (row.state, row.recalled_by, row.recalled_at) == (
            "completed",
            None,
            None,
        )

    async def _judged_world(self) -> "RecallWorld":
        world = RecallWorld()
        await world.hear(MESSAGES)
        await world.claim("rita", "claim")
        facts: Sequence[Any] = (*all_judged(), drafted(), completed())
        await world.append(*facts)
        return world


class RecallWorld(World):
    """A world in which a judgement can be taken back without words."""

    async def append(self, *facts: Any, stream: str = STREAM) -> None:
        """Have these happen to a review: the first one, if no other is named."""
        version, _ = await self.handling.fold(review, stream)
        events = tuple(
            CODEC.encode(fact, event_id=new_id(), metadata=METADATA) for fact in facts
        )
        write = StreamWrite(stream=stream, expected_version=version, events=events)
        await self.log.append(UnitOfWork(writes=(write,)))

    async def recall(self) -> Handled:
        """Take back the first review as Rita, without words."""
        shown = Shown(
            review_id="case-1.1.1", reviewer_id="rita", token=None, at=AT + SECOND
        )
        recalling = Recalling(self.handling, Sealing(memory_vault()))
        cause = Cause.by_clock("test", str(new_id()))
        return await recalling.recall(shown, RecallWords(), cause)


def test_a_recall_answers_with_the_claim_it_gives() -> None:
    """The control of the examples: they say what the decider says."""
    facts = spec.given(*JUDGED).when(recall()).decide()
    (held,) = [fact for fact in facts if isinstance(fact, Claimed)]
    assert held.token > max(spec.state(*JUDGED).portfolio.owners)
