"""The pool of seeds: made by the lead of decided cases, judged by three, retired."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from services.moderation.domain.refusals import (
    EmployerUnknownError,
    NotALeadError,
    NotAModeratorError,
)
from services.moderation.domain.seeds.commands import ShowSeed
from services.moderation.domain.seeds.decide import seeds
from services.moderation.domain.seeds.events import (
    SeedDefined,
    SeedMade,
    SeedMarked,
    SeedRefused,
    SeedRetired,
    SeedShown,
)
from services.moderation.domain.seeds.marking import (
    definitive_of,
    difference,
    is_in_tolerance,
)
from services.moderation.domain.seeds.refusals import (
    AlreadyASeedError,
    MarkedAlreadyError,
    NotOfThePanelError,
    NotToldYetError,
    PanelNotIndependentError,
    SeedRetiredError,
    SourceWithdrawnError,
    UnknownSeedError,
    UnknownSourceError,
)
from services.moderation.handlers import MarkWords, RetireWords, SeedWords
from services.moderation.handlers.opening import PortfolioErasedError
from services.moderation.handlers.seeding.pool import seed_id_of
from services.moderation.handlers.streams import pool_stream
from shared.contracts.programme import SeedRules
from shared.contracts.submission import Withdrawn
from shared.vocabulary import CRITERIA, CriterionKey
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, NOW
from tests.unit.moderation.seeding import SeedWorld, defined, made, seed_name
from tests.unit.moderation.world import received

PANEL = ("p-mod2", "p-mod3", "p-mod4")


def words(case: int = 1, panel: tuple[str, ...] = PANEL) -> SeedWords:
    told = {"case_id": f"c{case}", "panel": panel, "permission": "She agreed."}
    return SeedWords.model_validate(told)


def marks(levels: dict[CriterionKey, int] | None = None) -> MarkWords:
    why = dict.fromkeys(CRITERIA, "As the evidence shows.")
    return MarkWords.model_validate({"levels": levels or CM_LEVELS, "rationale": why})


async def released_world() -> SeedWorld:
    """Return a world in which the outcome of case 1 is told."""
    world = SeedWorld(None)
    await world.ready()
    await world.granted("p-mod4", "moderator")
    await world.completed(1)
    await world.judge(1, CM_LEVELS)
    await world.release()
    return world


async def make(world: SeedWorld, asked: SeedWords | None = None, **by: str) -> None:
    await world.pools.make(world.asking(**by), asked or words(), world.cause())


async def of_pool(world: SeedWorld, kind: type[Any]) -> list[Any]:
    facts = await world.facts(pool_stream("ATS"))
    return [each for each in facts if isinstance(each, kind)]


class TestMaking:
    async def test_takes_a_decided_case(self) -> None:
        world = await released_world()
        await make(world)
        (seed,) = await of_pool(world, SeedMade)
        assert (seed.case_id, seed.panel) == ("c1", PANEL)
        assert seed.took_part == ("p-rev", "p-mod")
        assert seed.template == "phases"

    async def test_takes_one_that_was_never_drawn(self) -> None:
        world = await released_world()
        world.pass_time(days=1)
        number = 2
        while True:
            await world.completed(number)
            if not await world.facts(f"moderation-c{number}.1"):
                break
            await world.judge(number, CM_LEVELS)
            number += 1
        await world.release()
        await make(world, words(number))
        (seed,) = await of_pool(world, SeedMade)
        assert seed.took_part == ("p-rev",)

    async def test_refuses_the_same_case_twice_and_keeps_that(self) -> None:
        world = await released_world()
        await make(world)
        await make(world)
        assert len(await of_pool(world, SeedMade)) == 1
        await world.granted("p-mod5", "moderator")
        with pytest.raises(AlreadyASeedError):
            await make(world, words(1, ("p-mod2", "p-mod3", "p-mod5")))
        (refused,) = await of_pool(world, SeedRefused)
        assert (refused.case_id, refused.refusal) == ("c1", "AlreadyASeed")
        shown = await world.seed_showing.refused("ATS")
        assert [each.by for each in shown] == ["p-lead"]

    async def test_needs_a_released_outcome(self) -> None:
        world = SeedWorld(None)
        await world.ready()
        await world.completed(1)
        with pytest.raises(NotToldYetError):
            await make(world)

    async def test_needs_a_case_that_is_known_here(self) -> None:
        world = await released_world()
        with pytest.raises(UnknownSourceError):
            await make(world, words(99))

    async def test_refuses_a_case_of_who_has_withdrawn(self) -> None:
        world = await released_world()
        body = Withdrawn(case_id="c1", participant_id="p-ana", withdrawn_at=world.now)
        await world.handlers[Withdrawn](received(body, "c1"))
        with pytest.raises(SourceWithdrawnError):
            await make(world)

    async def test_refuses_a_case_of_who_was_erased(self) -> None:
        world = await released_world()
        await world.vault.keys.destroy("p-ana")
        with pytest.raises(PortfolioErasedError):
            await make(world)

    async def test_is_the_lead_s(self) -> None:
        world = await released_world()
        with pytest.raises(NotALeadError):
            await make(world, by="p-mod2")

    @pytest.mark.parametrize(
        ("panel", "error"),
        [
            (("p-mod", "p-mod2", "p-mod3"), PanelNotIndependentError),
            (("p-rev", "p-mod2", "p-mod3"), NotAModeratorError),
            (("p-college", "p-mod2", "p-mod3"), PanelNotIndependentError),
            (("p-unknown", "p-mod2", "p-mod3"), EmployerUnknownError),
        ],
    )
    async def test_needs_a_panel_with_no_part_in_the_case(
        self, panel: tuple[str, ...], error: type[Exception]
    ) -> None:
        world = await released_world()
        await world.granted("p-college", "moderator", "o-college")
        await world.granted("p-unknown", "moderator", None)
        with pytest.raises(error):
            await make(world, words(1, panel))

    def test_needs_three_different_people(self) -> None:
        with pytest.raises(ValidationError, match="three different people"):
            words(1, ("p-mod2", "p-mod2", "p-mod3"))


async def made_world() -> SeedWorld:
    world = await released_world()
    await make(world)
    return world


SEED = seed_id_of(words())


async def mark(world: SeedWorld, by: str, **levels: int) -> None:
    given = marks({**CM_LEVELS, **levels})  # type: ignore[dict-item]
    await world.pools.mark(world.asking(by), SEED, given, world.cause())


class TestMarking:
    async def test_makes_definitive_marks_of_three(self) -> None:
        world = await made_world()
        await mark(world, "p-mod2", sufficiency=2)
        await mark(world, "p-mod3", sufficiency=4)
        assert await of_pool(world, SeedDefined) == []
        await mark(world, "p-mod4")
        (found,) = await of_pool(world, SeedDefined)
        assert found.definitive.levels["sufficiency"] == 3
        assert found.definitive.tolerance["sufficiency"] == 1
        assert found.definitive.tolerance["authenticity"] == 0
        assert found.definitive.outcome == "CM"

    async def test_shows_no_marks_before_all_have_judged(self) -> None:
        world = await made_world()
        await mark(world, "p-mod2")
        view = await world.seed_showing.seed("ATS", SEED)
        assert (view.marked_by, view.definitive) == (("p-mod2",), None)
        await mark(world, "p-mod3")
        await mark(world, "p-mod4")
        (view,) = await world.seed_showing.pool("ATS")
        assert view.definitive is not None

    async def test_is_the_panel_s_alone(self) -> None:
        world = await made_world()
        with pytest.raises(NotOfThePanelError):
            await mark(world, "p-mod")
        with pytest.raises(NotOfThePanelError):
            await world.pools.portfolios.portfolio(world.asking("p-mod"), SEED)

    async def test_opens_the_portfolio_for_the_panel(self) -> None:
        world = await made_world()
        asking = world.asking("p-mod2")
        _, found = await world.pools.portfolios.portfolio(asking, SEED)
        assert found.case_id == "c1"

    async def test_is_done_once(self) -> None:
        world = await made_world()
        await mark(world, "p-mod2")
        await mark(world, "p-mod2")
        assert len(await of_pool(world, SeedMarked)) == 1
        with pytest.raises(MarkedAlreadyError):
            await mark(world, "p-mod2", sufficiency=1)

    async def test_needs_a_seed(self) -> None:
        world = await made_world()
        with pytest.raises(UnknownSeedError):
            await world.pools.mark(
                world.asking("p-mod2"), seed_name(5), marks(), world.cause()
            )

    def test_needs_every_criterion(self) -> None:
        with pytest.raises(ValidationError, match="levels: give one for"):
            MarkWords.model_validate({"levels": {}, "rationale": {}})


class TestTolerance:
    def test_is_what_the_panel_was_apart_and_at_most_one(self) -> None:
        found = definitive_of(
            [{**CM_LEVELS, "sufficiency": level} for level in (1, 3, 4)]
        )
        assert found.tolerance == {
            "authenticity": 0,
            "sufficiency": 1,
            "reliability": 0,
        }

    def test_forgives_another_outcome_that_the_panel_was_apart_on(self) -> None:
        found = definitive_of([CM_LEVELS, CM_LEVELS, CNM_LEVELS])
        seen = difference(CNM_LEVELS, found)
        assert is_in_tolerance(CNM_LEVELS, found)
        assert (seen.level_difference, seen.overturned) == (-1, False)

    def test_does_not_where_it_was_agreed(self) -> None:
        found = definitive_of([CM_LEVELS] * 3)
        assert not is_in_tolerance(CNM_LEVELS, found)
        assert difference(CNM_LEVELS, found).overturned

    def test_needs_three_judgements(self) -> None:
        with pytest.raises(ValueError, match="panel of 3"):
            definitive_of([CM_LEVELS])


class TestRetiring:
    async def test_is_the_lead_s_with_a_reason(self) -> None:
        world = await made_world()
        given = RetireWords(reason="It became known.")
        with pytest.raises(NotALeadError):
            await world.pools.retire(world.asking("p-mod2"), SEED, given, world.cause())
        for _ in range(2):
            await world.pools.retire(world.asking(), SEED, given, world.cause())
        (retired,) = await of_pool(world, SeedRetired)
        assert (retired.because, retired.retired_by) == ("lead", "p-lead")
        with pytest.raises(SeedRetiredError):
            await mark(world, "p-mod2")

    @pytest.mark.parametrize(
        ("seen", "reviewers", "is_retired"),
        [(9, 10, False), (10, 10, True), (10, 50, False), (11, 50, True)],
    )
    def test_follows_when_a_fifth_have_seen_it_but_not_before_ten(
        self, seen: int, reviewers: int, *, is_retired: bool
    ) -> None:
        """Source: statistics.md section 4; the ten are ours (P)."""
        pool = seeds.fold((made(1), defined(1)))
        facts: Sequence[Any] = ()
        for number in range(seen):
            command = ShowSeed(
                seed_id=seed_name(1),
                reviewer_id=f"p-rev{number}",
                cohort_id=COHORT,
                case_id=f"c{number}",
                reviewers=reviewers,
                rules=SeedRules(),
                at=NOW,
            )
            facts = seeds.decide(command, pool)
            assert isinstance(facts[0], SeedShown)
            assert seeds.decide(command, seeds.fold(facts, pool)) == ()
            pool = seeds.fold(facts, pool)
        found = [each for each in facts if isinstance(each, SeedRetired)]
        assert [each.because for each in found] == ["seen_too_often"] * is_retired
