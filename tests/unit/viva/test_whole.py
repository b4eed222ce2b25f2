"""From the outcome to the certificate, with nothing but rules and folds."""

import asyncio
from datetime import timedelta

import pytest

from services.viva.domain.award_number import is_award_number
from services.viva.domain.events import Booked, VerdictGiven
from services.viva.domain.evolve import Awarded, Failed, Panel, Waiting
from services.viva.domain.refusals import (
    NotOnThisPanelError,
    PanelConflictError,
    TooLateError,
)
from services.viva.domain.round.decide import SlotTakenError
from services.viva.domain.round.events import SlotFreed
from services.viva.domain.round.evolve import Open
from services.viva.handlers import BookingWords
from services.viva.handlers.opening import NotYoursError, PortfolioErasedError
from services.viva.read_models import RoundRow, VivaRow
from shared.contracts import viva as public
from shared.eventlog import StoredEvent
from tests.unit.viva.examples import AFTER, AT, STARTS_AT
from tests.unit.viva.world import (
    LATER,
    World,
    nominated,
    panellists,
    released,
    stated,
    submitted,
    withdrawal,
)


async def ready_world(*cases: str) -> World:
    """Return a world with offers, people for panels, and a round with two slots."""
    world = await World().hear(*panellists())
    for case_id in cases or ("c1",):
        await world.hear(submitted(case_id), released(case_id))
    await world.open_round()
    return world


async def held_world() -> World:
    world = await ready_world()
    await world.book("c1")
    await world.appoint("c1")
    world.now = AFTER
    return world


async def taken(world: World) -> dict[str, str]:
    state = await world.round()
    assert isinstance(state, Open)
    return dict(state.taken)


class TestAViva:
    async def test_leads_from_cm_to_the_award(self) -> None:
        """Source: domain.md section 3."""
        world = await held_world()
        await world.judge("c1", "lena")
        await world.judge("c1", "hugo")
        situation = (await world.case("c1")).situation
        assert isinstance(situation, Awarded)
        award = situation.award
        assert award.status == "Advanced Teacher Status"
        assert award.grade == "Fellow"
        assert award.post_nominals == ("ATS", "FSET")
        assert is_award_number(award.award_id)
        assert award.award_id.startswith("ATS-2026-")

    async def test_tells_the_others_what_they_need(self) -> None:
        """Source: domain.md section 4."""
        world = await held_world()
        await world.judge("c1", "lena")
        await world.judge("c1", "hugo")
        messages = await world.published()
        assert [type(each) for each in messages] == [
            public.Offered,
            public.Booked,
            public.AwardConferred,
        ]
        award = messages[-1]
        assert isinstance(award, public.AwardConferred)
        assert award.took_part == ("hugo", "lena")
        assert award.conferred_at == AFTER

    async def test_keeps_notes_out_of_the_log(self) -> None:
        """Source: architecture.md, "Personal data"."""
        world = await held_world()
        await world.judge("c1", "lena")
        stored = b"".join(each.payload for each in await world.log.read_after(0))
        assert b"Spoke clearly" not in stored
        assert any(isinstance(each, VerdictGiven) for each in await world.facts())

    async def test_confers_an_award_at_once_without_viva(self) -> None:
        """Source: domain.md section 2: only ATS has one in the sources."""
        world = await World().hear(
            submitted("c1", "QTLS"), released("c1", programme="QTLS")
        )
        (message,) = await world.published()
        assert isinstance(message, public.AwardConferred)
        assert (message.programme, message.took_part) == ("QTLS", ())

    async def test_is_offered_once_more_and_then_not_again(self) -> None:
        """Source: domain.md section 3 (P)."""
        world = await held_world()
        await world.judge("c1", "lena", "not_passed")
        await world.judge("c1", "hugo", "not_passed")
        assert (await world.case("c1")).situation == Waiting(2)
        await world.open_round("november", starts_at=LATER)
        await world.book("c1", round_id="november")
        with pytest.raises(PanelConflictError):
            await world.appoint("c1")
        await world.appoint("c1", "luis", "helena")
        world.now = LATER + timedelta(hours=1)
        await world.judge("c1", "luis", "not_passed")
        await world.judge("c1", "helena", "not_passed")
        assert isinstance((await world.case("c1")).situation, Failed)
        ended = [each for each in await world.published() if "NotPassed" in each.type]  # type: ignore[attr-defined]
        assert [each.last for each in ended] == [False, True]  # type: ignore[attr-defined]

    async def test_is_settled_by_another_lead_moderator(self) -> None:
        """Source: (P)."""
        world = await held_world()
        await world.judge("c1", "lena")
        await world.judge("c1", "hugo", "not_passed")
        with pytest.raises(PanelConflictError):
            await world.settle("c1", "lena", "passed")
        await world.settle("c1", "luis", "passed")
        situation = (await world.case("c1")).situation
        assert isinstance(situation, Awarded)
        assert situation.award.took_part == ("hugo", "lena", "luis")

    async def test_is_not_judged_by_somebody_else(self) -> None:
        world = await held_world()
        with pytest.raises(NotOnThisPanelError):
            await world.judge("c1", "luis")

    async def test_is_not_judged_by_who_has_moved_to_the_same_organisation(
        self,
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        world = await held_world()
        await world.hear(stated("hugo", "north-college"))
        for by in ("lena", "hugo"):
            with pytest.raises(PanelConflictError):
                await world.judge("c1", by)

    async def test_is_held_again_when_one_who_held_it_has_moved(self) -> None:
        """Source: domain.md section 1: no dead end where a panel may not decide."""
        world = await held_world()
        await world.judge("c1", "lena")
        await world.hear(stated("hugo", "north-college"))
        with pytest.raises(PanelConflictError):
            await world.judge("c1", "hugo")
        await world.appoint("c1", "luis", "helena")
        situation = (await world.case("c1")).situation
        assert situation == Waiting(1, Panel("luis", "helena"))
        told = [type(each) for each in await world.published()]
        assert told == [public.Offered, public.Booked, public.Offered]

    async def test_needs_another_panel_when_a_mentor_turns_up_on_it(self) -> None:
        """Source: domain.md section 1."""
        world = await held_world()
        await world.judge("c1", "lena")
        await world.hear(nominated("c1", "hugo"))
        assert (await world.case("c1")).situation == Waiting(1)
        row = (await world.rows())["viva c1"]
        assert (row.state, row.lead_id, row.starts_at) == ("offered", None, None)


class TestOpening:
    """Source: architecture.md: nothing is served without a current part in the case."""

    async def test_shows_the_panel_the_portfolio(self) -> None:
        world = await held_world()
        await world.hand_in("c1")
        digest, portfolio = await world.opening.portfolio("c1", "hugo")
        assert portfolio.case_id == "c1"
        assert len(digest) == 64
        for stranger in ("luis", "rita", "p-c1"):
            with pytest.raises(NotYoursError):
                await world.opening.portfolio("c1", stranger)

    async def test_shows_notes_to_their_author_and_to_who_settles(self) -> None:
        world = await held_world()
        await world.judge("c1", "lena")
        assert await world.opening.verdicts("c1", "hugo") == ()
        (own,) = await world.opening.verdicts("c1", "lena")
        assert own.notes == "Spoke clearly about the project."
        with pytest.raises(NotYoursError):
            await world.opening.verdicts("c1", "luis")
        await world.judge("c1", "hugo", "not_passed")
        both = await world.opening.verdicts("c1", "luis")
        assert [each.verdict for each in both] == ["not_passed", "passed"]

    async def test_shows_nothing_of_who_is_erased(self) -> None:
        world = await held_world()
        await world.hand_in("c1")
        await world.judge("c1", "lena")
        await world.vault.keys.destroy("p-c1")
        with pytest.raises(PortfolioErasedError):
            await world.opening.portfolio("c1", "hugo")
        (own,) = await world.opening.verdicts("c1", "lena")
        assert (own.verdict, own.notes) == ("passed", None)


class TestASlot:
    async def test_goes_to_one_of_two_who_want_it(self) -> None:
        """Two participants for the same slot: one gets it (P)."""
        world = await ready_world("c1", "c2")
        done = await asyncio.gather(
            world.book("c1"), world.book("c2"), return_exceptions=True
        )
        refused = [each for each in done if isinstance(each, BaseException)]
        assert [type(each) for each in refused] == [SlotTakenError]
        booked = [each for each in await world.facts() if isinstance(each, Booked)]
        assert list((await taken(world)).values()) == [booked[0].case_id]

    async def test_is_free_again_when_the_viva_moves(self) -> None:
        world = await ready_world("c1", "c2")
        await world.book("c1", "s1")
        await world.book("c1", "s2")
        assert await taken(world) == {"s2": "c1"}
        await world.book("c2", "s1")
        assert await taken(world) == {"s1": "c2", "s2": "c1"}

    async def test_is_free_again_when_the_participant_withdraws(self) -> None:
        world = await ready_world()
        await world.book("c1")
        await world.hear(withdrawal("c1"))
        assert await taken(world) == {}
        assert any(isinstance(each, SlotFreed) for each in await world.facts())

    async def test_is_free_again_when_the_offer_is_withdrawn(self) -> None:
        world = await ready_world()
        await world.book("c1")
        await world.hear(released("c1", "CNM", is_revision=True))
        assert await taken(world) == {}

    async def test_stays_the_case_s_own_once_it_was_held(self) -> None:
        world = await held_world()
        await world.judge("c1", "lena", "not_passed")
        await world.judge("c1", "hugo", "not_passed")
        assert await taken(world) == {"s1": "c1"}

    async def test_cannot_be_chosen_late_for_oneself_by_the_office(self) -> None:
        """Source: (P): seven days before, but for those whom the office helps."""
        world = await ready_world()
        world.now = STARTS_AT - timedelta(days=6)
        words = BookingWords(round_id="june", slot_id="s1")
        own = world.vivas.book(
            "c1", words, by="p-c1", is_office=True, at=world.now, cause=world.cause()
        )
        with pytest.raises(TooLateError):
            await own
        done = await world.vivas.book(
            "c1", words, by="olga", is_office=True, at=world.now, cause=world.cause()
        )
        assert len(done.facts) > 0

    async def test_cannot_be_chosen_in_the_last_week(self) -> None:
        """Source: (P), seven days before."""
        world = await ready_world()
        world.now = STARTS_AT - timedelta(days=6)
        with pytest.raises(TooLateError):
            await world.book("c1")


class TestRows:
    async def test_follow_a_viva_to_its_end(self) -> None:
        world = await held_world()
        row = (await world.rows())["viva c1"]
        assert isinstance(row, VivaRow)
        assert (row.state, row.number, row.sequence) == ("booked", 1, 0)
        assert (row.lead_id, row.head_id) == ("lena", "hugo")
        await world.judge("c1", "lena", "not_passed")
        assert (await world.rows())["viva c1"].state == "held"
        await world.judge("c1", "hugo", "not_passed")
        row = (await world.rows())["viva c1"]
        assert (row.state, row.number, row.not_passed) == ("offered", 2, 1)
        assert (row.lead_id, row.starts_at) == (None, None)
        assert row.past_rounds == ["june"]

    async def test_follow_the_slots(self) -> None:
        world = await ready_world()
        await world.book("c1")
        row = (await world.rows())["round june"]
        assert isinstance(row, RoundRow)
        assert (row.free, row.slots[0].case_id) == (1, "c1")
        await world.hear(withdrawal("c1"))
        row = (await world.rows())["round june"]
        assert (row.free, row.slots[0].case_id) == (2, None)
        viva = (await world.rows())["viva c1"]
        assert (viva.state, viva.starts_at) == ("closed", None)


class TestConfirming:
    async def test_knows_what_is_still_so(self) -> None:
        """Source: domain.md section 5: checked at the moment of sending."""
        world = await ready_world()
        await world.book("c1", "s1")
        first = (await last(world, "viva.Booked")).event_id
        ask = world.confirming.is_still_true
        assert await ask("c1", "viva-c1", first)
        await world.book("c1", "s2")
        assert not await ask("c1", "viva-c1", first)
        assert await ask("c1", "viva-c1", (await last(world, "viva.Moved")).event_id)
        assert await ask("c1", "viva-c1", (await last(world, "viva.Offered")).event_id)
        assert not await ask("c1", "viva-c2", first)
        assert not await ask("c2", "viva-c2", first)
        assert AT < STARTS_AT


async def last(world: World, type_: str) -> StoredEvent:
    events = await world.log.read_after(0)
    return [each for each in events if each.type == type_][-1]
