"""Whoever hears an appeal about a case judges nothing of it, also what runs already."""

import pytest

from services.moderation.domain.cover import Parts, for_case
from services.moderation.domain.refusals import NotIndependentError
from services.moderation.domain.standing.commands import NoteHearing
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import HearingNoted
from services.moderation.handlers.streams import standing_stream
from shared.contracts.appeals import HearingPanelAppointed
from shared.contracts.review import FreshReviewAsked
from tests.support.specification import Scenario
from tests.unit.moderation.examples import CM_LEVELS, COHORT, NOW
from tests.unit.moderation.test_standing import noted
from tests.unit.moderation.test_whole import drawn_world
from tests.unit.moderation.world import World, blind_words, received

STANDING = Scenario(standing)
PANEL = HearingPanelAppointed(case_id="c1", appeal_id="c1.1", members=("p-mod2", "p-x"))


async def appoint(world: World) -> None:
    await world.handlers[HearingPanelAppointed](received(PANEL))


async def judged_afresh() -> World:
    """Return a world in which a conflict's fresh review waits for a moderator."""
    world = await drawn_world(1)
    await world.granted("p-mod3", "moderator")
    await world.judge(1, CM_LEVELS)
    await world.release()
    body = FreshReviewAsked(case_id="c1", review_id="c1.1.1", attempt=1)
    await world.handlers[FreshReviewAsked](received(body, "c1.1.1"))
    await world.completed(1, reviewer="p-fresh", review=2)
    world.pass_time(minutes=15, seconds=1)
    return world


class TestHearing:
    """Source: domain.md section 1: an appeal panel has no part in the case."""

    COMMAND = NoteHearing(person_id="p-mod", case_id="c1", at=NOW)
    FACT = HearingNoted(person_id="p-mod", case_id="c1", occurred_at=NOW)

    def test_is_kept_once_whether_they_moderate_yet_or_not(self) -> None:
        STANDING.given().when(self.COMMAND).then(self.FACT)
        STANDING.given(self.FACT).when(self.COMMAND).then_nothing()
        one = STANDING.state(self.FACT, noted("moderator"))
        assert one == STANDING.state(noted("moderator"), self.FACT)

    async def test_is_known_of_the_whole_panel(self) -> None:
        world = await drawn_world(0)
        await appoint(world)
        for member in PANEL.members:
            facts = await world.facts(standing_stream(member))
            heard = [each for each in facts if isinstance(each, HearingNoted)]
            assert [each.case_id for each in heard] == ["c1"]

    async def test_keeps_from_judging_what_runs_already(self) -> None:
        world = await judged_afresh()
        await appoint(world)
        with pytest.raises(NotIndependentError):
            await world.take(1, "p-mod2")
        assert (await world.judge(1, CM_LEVELS, "p-mod3")).facts

    async def test_keeps_from_judging_what_they_hold(self) -> None:
        world = await judged_afresh()
        token = await world.take(1, "p-mod2")
        shown = world.shown(1, "p-mod2", token)
        held = (await world.showing.case(shown)).model_dump()
        await appoint(world)
        with pytest.raises(NotIndependentError):
            await world.showing.case(shown)
        words = blind_words(CM_LEVELS, held["snapshot_sha256"])
        with pytest.raises(NotIndependentError):
            await world.cases.judge(shown, words, world.cause())

    async def test_leaves_other_cases_to_them(self) -> None:
        world = await drawn_world(2)
        await appoint(world)
        assert (await world.judge(2, CM_LEVELS, "p-mod2")).facts

    def test_is_no_cover_for_the_case(self) -> None:
        people = {"p-mod": STANDING.state(noted("moderator"), self.FACT)}
        counts = [
            for_case(
                people,
                Parts(
                    case_id=case_id,
                    attempt=1,
                    cohort_id=COHORT,
                    organisation_id="o-college",
                    excluded=frozenset(),
                    judges=frozenset(),
                    judged_at=NOW,
                ),
            )
            for case_id in ("c1", "c2")
        ]
        assert counts == [0, 1]
