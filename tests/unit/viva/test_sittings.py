"""Nobody of a panel holds two vivas at once, however the bookings come."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.viva.domain.panellist.commands import FreeSitting, TakeSitting
from services.viva.domain.panellist.decide import panellist
from services.viva.domain.panellist.events import SittingFreed, SittingTaken
from services.viva.domain.panellist.evolve import Panellist
from services.viva.domain.refusals import PanelBusyError, PanellistBusyError
from services.viva.handlers import BookingWords
from services.viva.handlers.streams import panellist_stream
from shared.handling import Handled
from tests.support.specification import Scenario
from tests.unit.viva.examples import AFTER, AT, STARTS_AT
from tests.unit.viva.world import World, nominated, panellists, released, withdrawal

PANELLIST = Scenario(panellist)
END = STARTS_AT + timedelta(minutes=45)


def take(
    case_id: str = "case-2",
    starts_at: datetime = STARTS_AT,
    minutes: int = 45,
    *,
    names_people: bool = True,
) -> TakeSitting:
    return TakeSitting(
        person_id="hugo",
        case_id=case_id,
        starts_at=starts_at,
        minutes=minutes,
        names_people=names_people,
        at=AT,
    )


def taken(
    case_id: str = "case-1", starts_at: datetime = STARTS_AT, minutes: int = 45
) -> SittingTaken:
    return SittingTaken(
        person_id="hugo",
        case_id=case_id,
        starts_at=starts_at,
        minutes=minutes,
        occurred_at=AT,
    )


class TestTakeSitting:
    """Source: domain.md section 3: two people hold a viva, for 45-60 minutes."""

    @pytest.mark.parametrize(
        ("after_minutes", "minutes"),
        [(0, 45), (44, 45), (-44, 45), (10, 20), (-10, 90)],
        ids=["same time", "end", "beginning", "within", "around"],
    )
    def test_refuses_two_vivas_at_once(self, after_minutes: int, minutes: int) -> None:
        """Source: domain.md section 3: a viva lasts 45-60 minutes (S0, S1)."""
        starts_at = STARTS_AT + timedelta(minutes=after_minutes)
        refused = (
            PANELLIST.given(taken())
            .when(take(starts_at=starts_at, minutes=minutes))
            .then_refused(PanellistBusyError)
        )
        assert refused.context == {
            "person_id": "hugo",
            "case_id": "case-1",
            "starts_at": STARTS_AT.isoformat(),
            "ends_at": END.isoformat(),
        }

    @pytest.mark.parametrize("starts_at", [END, STARTS_AT - timedelta(minutes=45)])
    def test_allows_one_after_the_other(self, starts_at: datetime) -> None:
        """Source: domain.md section 3: a viva lasts 45-60 minutes (S0, S1)."""
        PANELLIST.given(taken()).when(take(starts_at=starts_at)).then(
            taken("case-2", starts_at)
        )

    def test_refuses_nothing_about_a_time_that_is_past(self) -> None:
        """Source: domain.md section 3: a viva that nobody came to is held later."""
        late = replace(take(), at=END)
        PANELLIST.given(taken()).when(late).then(
            taken("case-2").model_copy(update={"occurred_at": END})
        )

    def test_tells_a_participant_nothing_of_who_sits(self) -> None:
        """Source: domain.md section 1: a participant never sees who judges."""
        refused = (
            PANELLIST.given(taken())
            .when(take(names_people=False))
            .then_refused(PanelBusyError)
        )
        assert refused.context == {}

    def test_moves_with_its_own_viva(self) -> None:
        later = STARTS_AT + timedelta(minutes=15)
        PANELLIST.given(taken()).when(take("case-1", later)).then(
            taken("case-1", later)
        )
        PANELLIST.given(taken()).when(take("case-1")).then_nothing()
        state = PANELLIST.state(taken(), taken("case-1", later))
        assert [each.starts_at for each in state.sittings.values()] == [later]

    def test_ends_with_its_own_viva(self) -> None:
        free = FreeSitting(person_id="hugo", case_id="case-1", at=AT)
        freed = SittingFreed(person_id="hugo", case_id="case-1", occurred_at=AT)
        PANELLIST.given(taken()).when(free).then(freed)
        PANELLIST.given(taken(), freed).when(free).then_nothing()
        PANELLIST.given(taken(), freed).when(take()).then(taken("case-2"))


async def two_offers() -> World:
    """Return a world with two vivas under one panel, and four slots at one time."""
    world = await World().hear(*panellists(), released("c1"), released("c2"))
    await world.open_round(slots=4)
    return world


async def with_panels() -> World:
    world = await two_offers()
    await world.appoint("c1")
    await world.appoint("c2", lead="luis")
    return world


async def diary(world: World, person_id: str) -> set[str]:
    _, state = await world.handling.fold(panellist, panellist_stream(person_id))
    assert isinstance(state, Panellist)
    return set(state.sittings)


async def book_for_the_office(world: World, case_id: str, slot_id: str) -> Handled:
    return await world.vivas.book(
        case_id,
        BookingWords(round_id="june", slot_id=slot_id),
        by="olga",
        is_office=True,
        at=world.now,
        cause=world.cause(),
    )


class TestAPanel:
    """Source: domain.md section 3: a lead moderator and a Head hold each viva."""

    async def test_holds_one_of_two_that_are_booked_at_one_instant(self) -> None:
        """Source: domain.md section 3 (S0, S1): who sits can be in one place."""
        world = await with_panels()
        done = await asyncio.gather(
            world.book("c1", "s1"), world.book("c2", "s2"), return_exceptions=True
        )
        refused = [each for each in done if isinstance(each, BaseException)]
        assert [type(each) for each in refused] == [PanelBusyError]
        assert len(await diary(world, "hugo")) == 1

    async def test_holds_one_of_two_of_different_rounds(self) -> None:
        """Source: domain.md section 3 (S0, S1)."""
        world = await with_panels()
        other = STARTS_AT + timedelta(minutes=30)
        await world.open_round("june-2", starts_at=other)
        await world.book("c1")
        with pytest.raises(PanelBusyError):
            await world.book("c2", "s1", "june-2")

    async def test_is_named_to_the_office_alone(self) -> None:
        """Source: domain.md section 1: a participant never sees who judges."""
        world = await with_panels()
        await world.book("c1")
        with pytest.raises(PanellistBusyError) as refused:
            await book_for_the_office(world, "c2", "s2")
        assert refused.value.context["person_id"] == "hugo"

    async def test_cannot_be_appointed_to_a_viva_at_the_time_of_another(self) -> None:
        """Source: domain.md section 3 (S0, S1)."""
        world = await two_offers()
        await world.book("c1", "s1")
        await world.book("c2", "s2")
        done = await asyncio.gather(
            world.appoint("c1"), world.appoint("c2"), return_exceptions=True
        )
        refused = [each for each in done if isinstance(each, BaseException)]
        assert [type(each) for each in refused] == [PanellistBusyError]
        assert len((await world.appoint("c2", "luis", "helena")).facts) > 0

    async def test_cannot_hold_a_viva_longer_than_to_the_next(self) -> None:
        """Source: S2 6.2.2: an adjustment lengthens a viva."""
        world = await with_panels()
        await world.open_round("june-2", starts_at=STARTS_AT + timedelta(minutes=45))
        await world.book("c1")
        await world.book("c2", "s1", "june-2")
        world.arranged["c1"] = ("extra_time",)
        with pytest.raises(PanelBusyError):
            await world.book("c1", "s2")

    async def test_is_free_again_when_a_viva_ends_or_moves(self) -> None:
        """Source: domain.md section 3."""
        world = await with_panels()
        await world.open_round("june-2", starts_at=STARTS_AT + timedelta(days=1))
        await world.book("c1")
        await world.book("c1", "s1", "june-2")
        await world.book("c2")
        assert await diary(world, "hugo") == {"c1", "c2"}
        await world.hear(withdrawal("c1"))
        assert await diary(world, "hugo") == {"c2"}
        await world.hear(released("c2", "CNM", is_revision=True))
        assert await diary(world, "hugo") == await diary(world, "luis") == set()

    async def test_is_free_again_when_it_is_another_panel(self) -> None:
        """Source: domain.md section 1: who has a bond does not sit."""
        world = await with_panels()
        await world.book("c1")
        await world.appoint("c1", "lena", "helena")
        assert await diary(world, "hugo") == set()
        await world.hear(nominated("c1", "lena"))
        assert await diary(world, "lena") == await diary(world, "helena") == set()

    async def test_holds_a_viva_until_its_result(self) -> None:
        """Source: domain.md section 3."""
        world = await with_panels()
        await world.book("c1")
        world.now = AFTER
        await world.judge("c1", "lena")
        assert await diary(world, "hugo") == {"c1"}
        await world.judge("c1", "hugo")
        assert await diary(world, "hugo") == await diary(world, "lena") == set()
