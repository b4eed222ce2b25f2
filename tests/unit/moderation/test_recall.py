"""A judgement that is taken back: drawn once, and compared when it comes again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import structlog

from services.moderation.domain.decisions import Upheld, Uphold
from services.moderation.domain.draw.events import (
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
)
from services.moderation.domain.events import Compared, SecondOpinionCalled
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.plan.refusals import (
    JudgementsRecalledError,
    RecallsPossibleError,
)
from services.moderation.domain.recalls import (
    JudgementRecalled,
    JudgementRenewed,
    RecallSetAside,
    TakeEnded,
)
from services.moderation.domain.refusals import (
    JudgementRecalledError,
    RecallPossibleError,
)
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Settled,
    Unopened,
    standing,
)
from services.moderation.handlers import BlindWords, ComparedCase
from services.moderation.handlers.streams import case_stream, draw_stream
from services.moderation.read_models import CaseRow, case_of, follow_case
from shared.contracts.appeals import FreshReviewOrdered
from shared.contracts.message import Received
from shared.contracts.review import Completed, Recalled
from shared.vocabulary import CRITERIA
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    NOW,
    PARTIES,
    judged,
)
from tests.unit.moderation.world import World, blind_words, received

EXCEEDED = dict.fromkeys(CRITERIA, 4)
"""Another judgement of the same kind: CM, and no floor holds for it."""
Step = Callable[[World], Awaitable[object]]


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """Thousands of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


async def drawn_world() -> World:
    """Return a world in which the first case is judged and drawn."""
    world = World()
    await world.ready()
    await world.completed(1)
    return world


async def skipped_world() -> tuple[World, int]:
    """Return a world with a judged case that is not drawn, and its number."""
    world = World(first_judgements=1, block_size=10)
    await world.ready()
    for number in range(1, 6):
        await world.completed(number)
    facts = await world.facts(draw_stream(COHORT, "p-rev"))
    skipped = [f.case_id for f in facts if isinstance(f, Drawn) and not f.selected]
    return world, int(skipped[0].removeprefix("c"))


async def case(world: World, number: int = 1) -> Case:
    return await world.showing.opening.fold(world.shown(number, "p-mod"))


async def renewed(world: World, number: int = 1, **changes: Any) -> None:
    """Hear of the judgement that comes instead."""
    changes = {"token": 2, **changes}
    await world.completed(number, follows_recall=True, **changes)


async def settle(world: World) -> None:
    """Let a moderator agree with what was drawn of five cases."""
    for number in range(1, 6):
        if isinstance(await case(world, number), Moderating):
            await world.judge(number, CM_LEVELS)


class TestRecalledJudgement:
    """Source: domain.md section 4; moderation.md, "Reviewing"."""

    async def test_takes_the_case_from_its_moderator_who_may_see_why(self) -> None:
        world = await drawn_world()
        token = await world.take(1)
        handled = await world.recalled(1)
        assert [type(fact) for fact in handled.facts] == [JudgementRecalled, TakeEnded]
        shown = world.shown(1, "p-mod", token)
        words = blind_words(CM_LEVELS, "a" * 64)
        asks: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: world.showing.case(shown),
            lambda: world.showing.opening.portfolio(shown),
            lambda: world.cases.judge(shown, words, world.cause()),
            lambda: world.cases.hand_back(shown, world.cause()),
        )
        for ask in asks:
            with pytest.raises(JudgementRecalledError) as refused:
                await ask()
            assert not refused.value.context, "it tells nothing but that"

    async def test_is_given_to_no_moderator(self) -> None:
        world = await drawn_world()
        await world.recalled(1)
        with pytest.raises(JudgementRecalledError):
            await world.take(1)
        await renewed(world)
        assert (await world.take(1)).version

    async def test_is_not_decided_by_the_lead(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.recalled(1)
        words = Uphold(decision="uphold", reason="The reviewer is right.")
        with pytest.raises(JudgementRecalledError):
            await world.decide(1, words)
        await renewed(world)
        await world.decide(1, words)
        assert isinstance(await case(world), Settled)

    async def test_opens_a_decision_again_that_nobody_was_told(self) -> None:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        assert isinstance(await case(world), Settled)
        await world.recalled(1)
        state = await case(world)
        assert isinstance(state, Moderating)
        assert [type(each) for each in state.reopened] == [Upheld]

    async def test_keeps_who_decided_before_among_those_with_a_part(self) -> None:
        """Source: domain.md section 1: no part in any round of the case."""
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, Uphold(decision="uphold", reason="Convincing."))
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        await world.release()
        (told,) = [
            fact
            for fact in await world.facts(case_stream("c1", 1))
            if isinstance(fact, OutcomeReleased)
        ]
        assert told.outcome == "CNM"
        assert told.took_part == ("p-rev", "p-mod", "p-mod2", "p-lead")

    async def test_that_is_heard_of_after_the_release_changes_nothing(self) -> None:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        await world.release()
        before = await case(world)
        handled = await world.recalled(1)
        assert [type(fact) for fact in handled.facts] == [RecallSetAside]
        await renewed(world, levels=CNM_LEVELS)
        assert await case(world) == before
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        assert isinstance(facts[-1], JudgementSetAside)


class TestRenewedJudgement:
    """Source: moderation.md 2 and 4: drawn once, first marks beside blind ones."""

    async def test_is_compared_with_the_blind_judgement_that_stays(self) -> None:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        facts = await world.facts(case_stream("c1", 1))
        assert [type(fact) for fact in facts[-3:]] == [
            JudgementRenewed,
            Compared,
            SecondOpinionCalled,
        ]
        found = await world.showing.case(world.shown(1, "p-mod"))
        assert isinstance(found, ComparedCase)
        assert found.reviewer.levels == CNM_LEVELS
        assert found.mine.levels == CM_LEVELS

    async def test_settles_the_case_when_it_agrees(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        state = await case(world)
        assert isinstance(state, Settled)
        assert isinstance(state.decision, Upheld)
        assert (state.outcome, state.decision.by) == ("CNM", "agreement")

    async def test_waits_for_the_majority_beside_two_blind_judgements(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.recalled(1)
        await renewed(world, levels=CNM_LEVELS)
        state = await case(world)
        assert isinstance(state, Settled)
        assert isinstance(state.decision, Upheld)
        assert (state.outcome, state.decision.by) == ("CNM", "majority")

    async def test_is_never_drawn_again(self) -> None:
        """Source: moderation.md 2: a recall is no way to draw again."""
        world = await drawn_world()
        before = await world.facts(draw_stream(COHORT, "p-rev"))
        for token in (1, 2, 3):
            await world.recalled(1, token=token)
            await renewed(world, token=token + 1, levels=CNM_LEVELS)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        assert facts[: len(before)] == before
        kinds = {type(fact).__name__ for fact in facts[len(before) :]}
        assert kinds == {"JudgementSetAside", "RenewalReceived"}
        await world.judge(1, CNM_LEVELS)
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_stands_too_when_the_first_was_not_drawn(self) -> None:
        world, number = await skipped_world()
        await world.recalled(number)
        await renewed(world, number, levels=EXCEEDED, reviewer="p-two")
        facts = await world.facts(case_stream(f"c{number}", 1))
        assert [type(fact) for fact in facts] == [JudgementRecalled, JudgementRenewed]
        await settle(world)
        await world.release()
        (told,) = [
            fact
            for fact in await world.facts(case_stream(f"c{number}", 1))
            if isinstance(fact, OutcomeReleased)
        ]
        assert (told.outcome, told.took_part) == ("CM", ("p-rev", "p-two"))


class TestRelease:
    """Source: moderation.md 7: nothing is released before its batch is clear."""

    async def test_is_refused_while_a_judgement_may_be_taken_back(self) -> None:
        """Source: moderation.md, "Reviewing": recall within 15 minutes (P)."""
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        world.pass_time(minutes=15)
        with pytest.raises(RecallsPossibleError) as refused:
            await world.release_now()
        until = NOW + timedelta(minutes=15)
        assert refused.value.context == {"until": until.isoformat()}
        world.pass_time(seconds=1)
        await world.release_now()

    async def test_is_refused_while_one_is_taken_back(self) -> None:
        world, number = await skipped_world()
        await settle(world)
        await world.recalled(number)
        with pytest.raises(JudgementsRecalledError) as refused:
            await world.release()
        assert refused.value.context["cases"] == [f"c{number}"]

    async def test_waits_anew_for_the_judgement_that_came_instead(self) -> None:
        world = await drawn_world()
        world.pass_time(minutes=10)
        await world.recalled(1)
        await renewed(world)
        await world.judge(1, CM_LEVELS)
        world.pass_time(minutes=10)
        with pytest.raises(RecallsPossibleError):
            await world.release_now()
        world.pass_time(minutes=5, seconds=1)
        await world.release_now()


class TestFreshReview:
    """Source: domain.md section 3, upheld: its outcome is told with the decision."""

    async def fresh_world(self) -> World:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        await world.release()
        body = FreshReviewOrdered(
            case_id="c1",
            appeal_id="c1.1",
            participant_id="p-ana",
            attempt=1,
            excluded=("p-panel",),
            ordered_at=NOW,
        )
        await world.handlers[FreshReviewOrdered](received(body, "a1"))
        return world

    async def test_is_taken_only_when_it_can_no_longer_be_taken_back(self) -> None:
        world = await self.fresh_world()
        await world.completed(1, reviewer="p-fresh", review=2)
        world.pass_time(minutes=15)
        with pytest.raises(RecallPossibleError):
            await world.take(1, "p-mod2")
        world.pass_time(seconds=1)
        assert (await world.take(1, "p-mod2")).version

    async def test_waits_anew_when_it_was_taken_back(self) -> None:
        world = await self.fresh_world()
        await world.completed(1, reviewer="p-fresh", review=2)
        world.pass_time(minutes=10)
        await world.recalled(1, reviewer="p-fresh", review=2)
        await renewed(world, reviewer="p-fresh", review=2)
        world.pass_time(minutes=6)
        with pytest.raises(RecallPossibleError):
            await world.take(1, "p-mod2")
        world.pass_time(minutes=10)
        assert (await world.take(1, "p-mod2")).version

    async def test_leaves_a_recall_of_the_first_review_aside(self) -> None:
        world = await self.fresh_world()
        await world.completed(1, reviewer="p-fresh", review=2)
        handled = await world.recalled(1)
        assert [type(fact) for fact in handled.facts] == [RecallSetAside]
        assert not (await self._moderating(world)).is_recalled

    async def _moderating(self, world: World) -> Moderating:
        state = await case(world)
        assert isinstance(state, Moderating)
        return state


def completion(token: int, *, levels: Any = None, recalled: bool) -> Received[Any]:
    about = judged(1, levels=levels).model_copy(
        update={"token": token, "completed_at": NOW + timedelta(minutes=token)}
    )
    body = Completed(
        **about.model_dump(exclude={"judgement_id"}), follows_recall=recalled
    )
    return received(body, "c1", str(token))


def recall(token: int) -> Received[Any]:
    body = Recalled(
        case_id="c1",
        attempt=1,
        review_id=judged(1).review_id,
        reviewer_id="p-rev",
        token=token,
        due_at=NOW + timedelta(days=30),
        recalled_at=NOW,
    )
    return received(body, "c1", str(token))


TWICE = (
    completion(1, recalled=False),
    recall(1),
    completion(3, levels=CNM_LEVELS, recalled=True),
    recall(3),
    completion(4, recalled=True),
)
"""Judged, taken back, judged otherwise, taken back, judged again."""


async def hear(world: World, *messages: Received[Any]) -> None:
    for message in messages:
        await world.handlers[type(message.body)](message)


async def row(world: World) -> CaseRow | None:
    found: CaseRow | None = None
    for event in await world.log.read_stream(case_stream("c1", 1)):
        fact = world.handling.codec.decode(event)
        assert case_of(fact, event) == "c1.1"
        found = follow_case(found, fact, event)  # type: ignore[arg-type]
    return found


async def ended(world: World) -> tuple[object, ...]:
    """Return what every order of the same messages must agree on."""
    facts = await world.facts(draw_stream(COHORT, "p-rev"))
    drawn = [f for f in facts if isinstance(f, ProbabilitySet | Drawn)]
    (first,) = [f for f in facts if isinstance(f, JudgementReceived)]
    state = await case(world)
    found = await row(world)
    assert found is not None
    assert isinstance(state, Moderating)
    return (
        tuple(fact.model_dump_json(exclude={"occurred_at"}) for fact in drawn),
        first.judged.token,
        standing(state, first.judged).token,
        state.is_recalled,
        state.stage,
        {each.judgement_id for each in (*state.earlier, state.judged)}
        >= {first.judged.judgement_id},
        found.is_recalled,
        found.stage,
    )


class TestInterleavings:
    """Source: architecture.md, "Messaging": deciders accept every interleaving."""

    @pytest.mark.parametrize("count", [2, 3, 4, 5])
    async def test_end_alike_whatever_comes_first(self, count: int) -> None:
        messages = TWICE[:count]
        for order in permutations(messages):
            world = World()
            await world.ready()
            await hear(world, *order)
            found = await ended(world)
            is_recalled = count % 2 == 0
            assert found[1:] == (
                1,
                {2: 1, 3: 3, 4: 3, 5: 4}[count],
                is_recalled,
                "first",
                True,
                is_recalled,
                "first",
            )

    async def test_draw_the_first_judgement_alone(self) -> None:
        expected = None
        for order in permutations(TWICE):
            world = World()
            await world.ready()
            await hear(world, *order)
            found = (await ended(world))[0]
            expected = expected or found
            assert found == expected

    async def test_wait_for_the_randomness_in_any_order(self) -> None:
        """What was judged before the plan is drawn once it is there."""
        ready: Step = World.ready
        for order in permutations(range(4)):
            world = World()
            steps = (*(_hearing(message) for message in TWICE[:3]), ready)
            for place in order:
                await steps[place](world)
            assert (await ended(world))[1:4] == (1, 3, False)

    async def test_of_repeated_messages_change_nothing(self) -> None:
        once, twice = World(), World()
        await once.ready()
        await twice.ready()
        await hear(once, *TWICE)
        await hear(twice, *TWICE, *TWICE[::-1])
        assert await case(twice) == await case(once)

    async def test_keep_the_blind_judgement_wherever_it_was_made(self) -> None:
        """It is compared with what stands in the end, whatever stood before."""
        for place in (1, 3, 5):
            world = await _world_with_portfolio()
            await hear(world, *(await _told(world, TWICE[:place])))
            await world.judge(1, CNM_LEVELS)
            await hear(world, *(await _told(world, TWICE[place:])))
            state = await case(world)
            assert isinstance(state, Moderating)
            assert (state.stage, len(state.blind)) == ("second", 1)
            facts = await world.facts(case_stream("c1", 1))
            last = [fact for fact in facts if isinstance(fact, Compared)][-1]
            assert last.outcome_differs


async def _world_with_portfolio() -> World:
    world = World()
    await world.ready()
    return world


async def _told(
    world: World, messages: tuple[Received[Any], ...]
) -> list[Received[Any]]:
    """Return *messages* about a portfolio that this world can open."""
    about = (await world.completion(1)).body
    places = {
        "snapshot_sha256": about.snapshot_sha256,
        "snapshot_path": about.snapshot_path,
    }
    return [
        received(
            message.body.model_copy(update=places)
            if isinstance(message.body, Completed)
            else message.body,
            "c1",
            str(message.body.token),
        )
        for message in messages
    ]


def _hearing(message: Received[Any]) -> Step:
    return lambda world: hear(world, message)


class TestRecallBeforeTheDraw:
    async def test_holds_a_case_back_from_the_moment_it_is_opened(self) -> None:
        """Source: architecture.md: what comes too early takes effect later."""
        world = World()
        await world.publish()
        await world.commit_all()
        await hear(world, *TWICE[:2])
        assert isinstance(await case(world), Unopened)
        await world.reveal(*PARTIES)
        await world.granted("p-mod", "moderator")
        facts = await world.facts(case_stream("c1", 1))
        assert [type(fact).__name__ for fact in facts] == [
            "JudgementRecalled",
            "Opened",
        ]
        with pytest.raises(JudgementRecalledError):
            await world.take(1)


def test_words_of_a_blind_judgement_are_of_one_shape() -> None:
    """The control of these tests: the words they judge with are accepted."""
    assert isinstance(blind_words(CM_LEVELS, "a" * 64), BlindWords)
