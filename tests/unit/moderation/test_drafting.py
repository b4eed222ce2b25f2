"""Where moderators and leads may type, and that it tells nobody what others judged."""

import pytest

from services.moderation.domain.commands import DecideCase, RecordBlindJudgement
from services.moderation.domain.decide import moderation
from services.moderation.domain.events import HandedBack, TakeLapsed
from services.moderation.domain.outcomes import CaseWithdrawn
from services.moderation.domain.recalls import TakeEnded
from services.moderation.domain.refusals import (
    CaseWithdrawnError,
    LeaseLapsedError,
    NotOpenError,
    NotReferredError,
    StillModeratesError,
    TokenStaleError,
)
from services.moderation.domain.situations import Case, moderated
from services.moderation.handlers import Blindness, Drafting
from services.moderation.handlers.drafting import NeverTakenError
from services.moderation.handlers.opening import NotYoursError
from shared.drafts import Place, UnknownFormError
from shared.errors import ServiceError
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    MODERATOR,
    NOW,
    OTHER_TOKEN,
    SECOND,
    TOKEN,
    disputed,
    opened,
    referred,
    taken,
)
from tests.unit.moderation.test_blindness import BOTH, world_with_both
from tests.unit.moderation.test_case import uphold
from tests.unit.moderation.test_holding import record
from tests.unit.moderation.test_outcomes import AGREED
from tests.unit.moderation.test_rounds import order_fresh_review
from tests.unit.moderation.test_whole import drawn_world
from tests.unit.moderation.world import World

CASE = Scenario(moderation)
MONA = MODERATOR.person_id
FORMS = ["authenticity", "sufficiency", "reliability", "decision"]
HOW = {"moderator_id": MONA, "token": TOKEN, "occurred_at": NOW}
WITHDRAWN = CaseWithdrawn(case_id="c1", attempt=1, withdrawn_at=NOW, occurred_at=NOW)
WAYS: dict[str, tuple[object, ...]] = {
    "held": (opened(), taken()),
    "lapsed": (opened(), taken(), TakeLapsed.model_validate(HOW)),
    "handed back": (opened(), taken(), HandedBack.model_validate(HOW)),
    "taken away": (opened(), taken(), TakeEnded.model_validate(HOW)),
    "somebody else's": (
        opened(),
        taken(),
        TakeLapsed.model_validate(HOW),
        taken(SECOND, OTHER_TOKEN),
    ),
    "judged": disputed(),
    "settled": AGREED,
    "referred": referred(),
    "withdrawn": (opened(), taken(), WITHDRAWN),
}


def given_to(state: Case) -> frozenset[str]:
    last = moderated(state)
    assert last is not None
    return last.given_to


async def place(world: World, who: str, form: str, *, is_lead: bool = False) -> Place:
    drafting = Drafting(world.showing, Blindness(world.handling))
    return await drafting.place(world.shown(1, who), form, is_lead=is_lead)


async def problem(world: World, who: str, form: str, *, is_lead: bool = False) -> str:
    with pytest.raises(ServiceError) as refused:
        await place(world, who, form, is_lead=is_lead)
    return f"{refused.value.code} {refused.value} {refused.value.context}"


class TestModerating:
    @pytest.mark.parametrize("way", WAYS)
    def test_was_given_to_whoever_holds_or_held_it(self, way: str) -> None:
        """Source: architecture.md, "HTTP, time, drafts": kept after a lapsed claim."""
        assert MONA in given_to(CASE.state(*WAYS[way]))

    def test_was_given_to_nobody_who_never_held_it(self) -> None:
        """Source: architecture.md, "HTTP, time, drafts": visible to its author only."""
        assert given_to(CASE.state(opened())) == frozenset()
        assert given_to(CASE.state(*disputed())) == {MONA}


class TestPlaceOfDrafts:
    """Source: moderation.md 4; architecture.md, "HTTP, time, drafts"."""

    async def test_of_a_judgement_is_its_author_s_whatever_became_of_the_hold(
        self,
    ) -> None:
        world = await drawn_world()
        await world.take(1)
        held = await place(world, "p-mod", "authenticity")
        world.pass_time(minutes=61)
        await world.judge(1, CM_LEVELS, "p-mod2")
        await world.release()
        assert await place(world, "p-mod", "authenticity") == held
        assert (held.form, held.author.subject) == ("c1.1.authenticity", "p-ana")
        assert held.author.person_id == "p-mod"

    async def test_of_a_judgement_stays_its_author_s_in_a_round_after_an_appeal(
        self,
    ) -> None:
        world = await drawn_world()
        await world.judge(1, CM_LEVELS)
        await world.release()
        await order_fresh_review(world)
        wanted = await place(world, "p-mod", "authenticity")
        await world.completed(1, reviewer="p-fresh", review=2)
        assert await place(world, "p-mod", "authenticity") == wanted

    async def test_of_a_judgement_is_refused_alike_whatever_was_judged(self) -> None:
        """Nobody learns from it whether a case was drawn, held or judged."""
        world = await drawn_world()
        refused = await problem(world, "p-mod2", "authenticity")
        assert refused.startswith("NeverTaken")
        await world.take(1)
        assert await problem(world, "p-mod2", "authenticity") == refused
        await world.judge(1, CNM_LEVELS)
        for form in (*FORMS, "no-such-form"):
            assert await problem(world, "p-mod2", form) == refused
        undrawn = await drawn_world(0)
        assert await problem(undrawn, "p-mod2", "authenticity") == refused

    async def test_names_the_forms_there_are_to_who_was_given_the_case(self) -> None:
        world = await drawn_world()
        await world.take(1)
        with pytest.raises(UnknownFormError) as refused:
            await place(world, "p-mod", "feedback")
        assert refused.value.context["forms"] == FORMS

    async def test_of_a_decision_is_no_blind_moderator_s(self) -> None:
        world = await drawn_world()
        await world.take(1)
        first = await problem(world, "p-mod", "decision")
        await world.judge(1, CNM_LEVELS)
        await world.take(1, "p-mod2")
        assert await problem(world, "p-mod2", "decision") == first
        assert (await place(world, "p-mod", "decision")).form == "c1.1.decision"

    async def test_of_a_decision_is_the_lead_s_once_nobody_judges_blind(self) -> None:
        world = await drawn_world()
        with pytest.raises(NotYoursError):
            await place(world, "p-lead", "decision", is_lead=True)
        for who in ("p-mod", "p-mod2"):
            await world.judge(1, CNM_LEVELS, who)
        found = await place(world, "p-lead", "decision", is_lead=True)
        assert (found.author.person_id, found.author.subject) == ("p-lead", "p-ana")
        with pytest.raises(NeverTakenError):
            await place(world, "p-lead", "decision")
        with pytest.raises(NeverTakenError):
            await place(world, "p-lead", "authenticity", is_lead=True)

    async def test_of_a_decision_is_closed_to_a_lead_who_may_judge_it_blind(
        self,
    ) -> None:
        """Words about an outcome that was told come back to no blind moderator."""
        world = await world_with_both()
        await world.judge(1, CM_LEVELS)
        with pytest.raises(StillModeratesError):
            await place(world, BOTH, "decision", is_lead=True)
        await world.release()
        told = await place(world, BOTH, "decision", is_lead=True)
        assert told.author.person_id == BOTH
        await order_fresh_review(world)
        with pytest.raises(StillModeratesError):
            await place(world, BOTH, "decision", is_lead=True)
        await world.completed(1, reviewer="p-fresh", review=2)
        world.pass_time(minutes=15, seconds=1)
        await world.take(1, BOTH)
        with pytest.raises(NotYoursError):
            await place(world, BOTH, "decision", is_lead=True)


class TestRefusalOfWords:
    """Source: architecture.md, "HTTP, time, drafts": explicit save is a fact."""

    @pytest.mark.parametrize(
        ("history", "command", "error"),
        [
            ((opened(), taken()), record(late=True), LeaseLapsedError),
            ((opened(), taken(token=OTHER_TOKEN)), record(), TokenStaleError),
            ((opened(), taken(), WITHDRAWN), record(), CaseWithdrawnError),
            (referred(), record(SECOND, TOKEN), ServiceError),
            ((), record(), NotOpenError),
            ((opened(), taken()), uphold(), NotReferredError),
        ],
    )
    def test_says_that_nothing_was_saved_and_where_it_can_be(
        self,
        history: tuple[object, ...],
        command: DecideCase | RecordBlindJudgement,
        error: type[ServiceError],
    ) -> None:
        with pytest.raises(error) as refused:
            moderation.decide(command, CASE.state(*history))
        assert "Nothing of this request was saved" in str(refused.value)
        assert "PUT /cases/{case_id}/{attempt}/drafts/{form}" in str(refused.value)
