"""What `attest moderation plan --what-if` makes of a cohort's log."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from services.cli.client import Client
from services.cli.moderation.compared import Comparison, compared, logged
from services.moderation.domain.rules import Rules
from services.moderation.simulation.what_if import NothingDrawnError
from services.operations.api.events import _line
from tests.unit.moderation.examples import CNM_LEVELS, COHORT, RULES
from tests.unit.moderation.world import World

REVIEWED = 16
ALWAYS_CNM = RULES.model_copy(
    update={
        "floors": tuple(
            each.model_copy(update={"least_ppm": 1_000_000})
            if each.rule == "cnm_floor"
            else each
            for each in RULES.floors
        )
    }
)


class Instance:
    """Shows the events of a log as a running instance does."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def read(self) -> "Instance":
        head = await self.world.log.head()
        events = await self.world.log.read_after(0, limit=head.position)
        self.lines = [_line(event).model_dump(mode="json") for event in events]
        return self

    def pages(self, path: str, *, category: str, limit: int) -> Iterator[Any]:
        assert path == "/operations/events"
        assert limit <= 500
        for line in self.lines:
            if line["stream"].startswith(f"{category}-"):
                yield line


async def cohort(*, close: bool) -> World:
    """Return a cohort whose reviewer found every third case not met."""
    world = World()
    await world.ready()
    for number in range(1, REVIEWED + 1):
        levels = CNM_LEVELS if number % 3 == 0 else None
        await world.completed(number, levels=levels)
    if close:
        entries = await world.facts(f"draw-{COHORT}.p-rev")
        drawn = {f.case_id for f in entries if getattr(f, "selected", False)}  # type: ignore[attr-defined]
        for number in range(1, REVIEWED + 1):
            if f"c{number}" in drawn:
                levels = CNM_LEVELS if number % 3 == 0 else None
                await world.judge(number, levels or dict.fromkeys(CNM_LEVELS, 3))
        await world.release()
        await world.reveal_key()
    return world


async def comparison(world: World, rules: Rules) -> Comparison:
    instance = await Instance(world).read()
    return compared(logged(cast("Client", instance), COHORT), rules)


class TestComparison:
    async def test_of_the_same_rules_finds_the_same_draws(self) -> None:
        world = await cohort(close=True)
        found = await comparison(world, RULES)
        (reviewer,) = found.reviewers
        assert found.is_exact
        assert reviewer.judgements == REVIEWED
        assert reviewer.drawn_now == reviewer.drawn_then
        assert reviewer.changes == {}

    async def test_tells_what_was_never_moderated(self) -> None:
        found = await comparison(await cohort(close=True), ALWAYS_CNM)
        (reviewer,) = found.reviewers
        assert reviewer.unknown
        assert f"Unknown: {reviewer.unknown} judgements" in found.text()

    async def test_gives_expected_numbers_before_the_key_is_public(self) -> None:
        found = await comparison(await cohort(close=False), ALWAYS_CNM)
        report = json.loads(found.for_programs())
        (reviewer,) = report["reviewers"]
        assert report["is_exact"] is False
        assert reviewer["drawn_now"] is None
        assert reviewer["expected_now"] > reviewer["expected_then"]
        assert "cnm_floor 25 % -> cnm_floor 100 %" in found.text()
        assert reviewer["changes"][-1]["rule_now"] == "cnm_floor"

    async def test_writes_nothing(self) -> None:
        world = await cohort(close=True)
        before = await world.log.head()
        text = (await comparison(world, ALWAYS_CNM)).text()
        assert await world.log.head() == before
        assert "Nothing was written." in text

    async def test_leaves_other_cohorts_out(self) -> None:
        instance = await Instance(await cohort(close=False)).read()
        other = logged(cast("Client", instance), COHORT.removesuffix("0"))
        assert (other.plan_facts, other.draws) == ([], {})
        with pytest.raises(NothingDrawnError):
            compared(other, RULES)
