"""Messages of different topics come in any order and lead to the same."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
import structlog

from services.appeals.domain.casefile.evolve import CaseFile
from shared.contracts.message import Received
from tests.unit.appeals.examples import ASKED_AT, CASE
from tests.unit.appeals.world import (
    World,
    completed,
    enrolled,
    granted,
    lifted,
    nominated,
    not_passed,
    placed,
    released,
    revised,
    stated,
    submitted,
    withdrawn,
)

HELD_AT = ASKED_AT + timedelta(days=1)
TOPICS: tuple[tuple[Received[Any], ...], ...] = (
    (enrolled(), nominated("sam"), submitted(), withdrawn(ASKED_AT)),
    (completed(),),
    (released(), revised()),
    (not_passed(),),
    (placed(ASKED_AT), lifted(HELD_AT)),
)
"""In each topic the messages of a case keep their order."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of lines about handled commands would take most of the time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    yield
    structlog.reset_defaults()


def interleavings(
    *topics: tuple[Received[Any], ...],
) -> Iterator[tuple[Received[Any], ...]]:
    """Return every order that keeps the order inside each topic."""
    left = [topic for topic in topics if topic]
    if not left:
        yield ()
    for number, topic in enumerate(left):
        rest = [*left[:number], topic[1:], *left[number + 1 :]]
        for tail in interleavings(*rest):
            yield (topic[0], *tail)


async def known(order: tuple[Received[Any], ...]) -> tuple[CaseFile, str]:
    world = World(now=ASKED_AT)
    await world.hear(*order)
    view = await world.overview.own_case(CASE, "ana", ASKED_AT)
    conversations = {talk.state for talk in view.conversations} - {"cancelled"}
    return await world.file(), str(conversations)


class TestInterleavings:
    """Source: architecture.md, "Messaging": no order is promised between topics."""

    async def test_of_all_topics_add_up_to_the_same_case(self) -> None:
        orders = list(interleavings(*TOPICS))
        assert len(orders) == 37800
        expected, _ = await known(orders[0])
        assert len(expected.decisions) == 3
        for order in orders[:: len(orders) // 150]:
            file, conversations = await known(order)
            assert file == expected
            assert conversations == "set()"

    async def test_of_a_message_that_comes_twice_change_nothing(self) -> None:
        for order in permutations((submitted(), released(), placed(ASKED_AT))):
            once, twice = World(now=ASKED_AT), World(now=ASKED_AT)
            await once.hear(*order)
            await twice.hear(*(message for each in order for message in (each, each)))
            payloads = [
                [event.payload for event in await world.log.read_after(0)]
                for world in (once, twice)
            ]
            assert payloads[0] == payloads[1]

    async def test_of_a_role_and_an_employer_know_both(self) -> None:
        """They have the person as their key, so they come in order."""
        world = World()
        await world.hear(
            granted("nora", organisation="east-college"), stated("nora", "west-college")
        )
        assert len(await world.facts("hearer-nora")) == 2
