"""Messages of different sources come in any order and lead to the same decisions."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import permutations

import pytest
import structlog

from services.moderation.domain.draw.events import Drawn, ProbabilitySet
from services.moderation.domain.events import Opened
from services.moderation.domain.plan.events import RandomnessFixed
from services.moderation.domain.standing.events import AppointmentNoted
from services.moderation.handlers.streams import (
    case_stream,
    draw_stream,
    plan_stream,
    standing_stream,
)
from shared.contracts.review import Completed
from shared.vocabulary import CriterionKey
from tests.unit.moderation.examples import CNM_LEVELS, COHORT, PARTIES, judged
from tests.unit.moderation.world import World, received

Step = Callable[[World], Awaitable[object]]
CASES = (1, 2, 3, 4)
EACH_WHEN_QUICK = 7


async def _commit_and_reveal_two(world: World) -> None:
    await world.commit_all()
    await world.reveal(*PARTIES[:2])


PLAN: tuple[Step, ...] = (
    World.publish,
    _commit_and_reveal_two,
    lambda world: world.reveal(PARTIES[2]),
)


def completed(
    number: int, reviewer: str = "p-rev", levels: dict[CriterionKey, int] | None = None
) -> Step:
    """Hear of a judgement; the message is the same in every world."""
    case = judged(number, reviewer=reviewer, levels=levels)
    body = Completed(**case.model_dump(exclude={"judgement_id"}))
    message = received(body, case.case_id, reviewer)
    return lambda world: world.handlers[Completed](message)


FIRST = (completed(1), completed(2, levels=CNM_LEVELS), completed(3))
SECOND = (completed(4, reviewer="p-two"),)
WITH_PORTFOLIOS: tuple[Step, ...] = (
    lambda world: world.completed(1),
    lambda world: world.completed(2, levels=CNM_LEVELS),
    lambda world: world.completed(3),
)
ROLES: tuple[Step, ...] = (lambda world: world.granted("p-mod", "moderator"),)


def interleavings(*sources: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Return every order that keeps the order inside each source."""
    left = [source for source in sources if source]
    if not left:
        yield ()
    for number, source in enumerate(left):
        rest = [*left[:number], source[1:], *left[number + 1 :]]
        for tail in interleavings(*rest):
            yield (source[0], *tail)


async def decisions(world: World) -> set[object]:
    """Return what was decided, without regard to when."""
    streams = [
        plan_stream(COHORT),
        draw_stream(COHORT, "p-rev"),
        draw_stream(COHORT, "p-two"),
        *(case_stream(f"c{number}", 1) for number in CASES),
        standing_stream("p-mod"),
    ]
    wanted = ProbabilitySet | Drawn | Opened | RandomnessFixed | AppointmentNoted
    found = [fact for stream in streams for fact in await world.facts(stream)]
    decided = [fact for fact in found if isinstance(fact, wanted)]
    named = [_named(fact) for fact in decided]
    assert len(set(named)) == len(named), "an effect came twice"
    return set(named)


def _named(fact: object) -> object:
    if isinstance(fact, Opened):  # the envelope of the feedback is sealed anew
        return ("opened", fact.judged.judgement_id, fact.criterion_gap)
    assert isinstance(fact, ProbabilitySet | Drawn | RandomnessFixed | AppointmentNoted)
    return fact.model_dump_json()


async def played(steps: tuple[Step, ...]) -> World:
    world = World(first_judgements=1, block_size=2)
    for step in steps:
        await step(world)
    return world


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


class TestInterleavings:
    """Source: architecture.md, "Messaging", "No order is promised between topics"."""

    async def test_all_lead_to_the_same_decisions(self, quick: bool) -> None:  # noqa: FBT001
        expected = await decisions(await played((*PLAN, *FIRST, *SECOND, *ROLES)))
        assert len(expected) >= 4 * 2 + 2
        orders = list(interleavings(PLAN, FIRST, SECOND, ROLES))
        assert len(orders) == 1120
        for order in orders[:: EACH_WHEN_QUICK if quick else 1]:
            assert await decisions(await played(order)) == expected

    async def test_of_one_reviewer_s_work_draw_each_judgement_once(self) -> None:
        """The first to arrive is the first: its number is a fact, and verifiable."""
        for order in permutations(WITH_PORTFOLIOS):
            for place in range(len(order) + 1):
                steps = (*order[:place], *PLAN, *order[place:])
                world = await played(steps)
                found = await world.facts(draw_stream(COHORT, "p-rev"))
                drawn = [fact for fact in found if isinstance(fact, Drawn)]
                assert len({fact.judgement_id for fact in drawn}) == len(drawn) == 3
                await played_to_the_end(world)
                late = "the plan was published after judgements of p-rev"
                told = (await world.verdict("p-rev")).findings
                assert told == ((late,) if place else ())

    async def test_of_repeated_messages_change_nothing(self) -> None:
        once = await played((*PLAN, *FIRST, *SECOND, *ROLES))
        twice = await played((*PLAN, *FIRST, *FIRST, *SECOND, *ROLES, *ROLES))
        assert await decisions(twice) == await decisions(once)


async def played_to_the_end(world: World) -> None:
    """Settle every drawn case, release the cohort and reveal the key."""
    await world.granted("p-mod", "moderator")
    for number in CASES[:3]:
        if await world.facts(case_stream(f"c{number}", 1)):
            levels = CNM_LEVELS if number == 2 else None
            await world.judge(number, levels or dict.fromkeys(CNM_LEVELS, 3))
    await world.release()
    await world.reveal_key()
