"""A case on hold stands still, and goes on exactly where it stopped."""

from datetime import timedelta

import pytest

from services.viva.domain.commands import VivaCommand
from services.viva.domain.confirming import waits
from services.viva.domain.events import AwardRevoked, NewsSetAside, VivaEvent
from services.viva.domain.evolve import Awarded, NotOffered, Waiting
from services.viva.domain.refusals import (
    AskAgainLaterError,
    CaseOnHoldError,
    NotYourVivaError,
    TooLateError,
)
from tests.unit.viva.examples import (
    AFTER,
    AT,
    CONFERRAL,
    HUGO,
    LENA,
    NO_VIVA,
    ONE_VERDICT,
    READY,
    RELEASED_AT,
    STARTS_AT,
    VIVA,
    adjust,
    adjusted,
    appoint,
    awarded,
    book,
    booked,
    disagreed,
    hear,
    heard,
    judge,
    judged,
    lift_hold,
    lifted,
    moved,
    not_passed,
    offered,
    on_hold,
    place_hold,
    settle,
    withdraw,
    withdrawn,
)
from tests.unit.viva.world import (
    World,
    hold_lifted,
    hold_placed,
    panellists,
    released,
)

LATER = STARTS_AT + timedelta(days=30)


class TestPlaceHold:
    """Source: domain.md section 3: a clock can be stopped; each is a fact."""

    def test_is_noted_once(self) -> None:
        """Source: domain.md section 3."""
        VIVA.given(*READY).when(place_hold()).then(on_hold())
        VIVA.given(*READY, on_hold()).when(place_hold()).then_nothing()

    @pytest.mark.parametrize("end", [awarded(), not_passed(number=2, last=True)])
    def test_changes_nothing_that_is_decided(self, end: VivaEvent) -> None:
        """Source: domain.md section 3."""
        late = NewsSetAside(news="hold", because="decided", occurred_at=AT)
        VIVA.given(heard(), end).when(place_hold()).then(on_hold(), late)


class TestOnHold:
    """Source: domain.md section 3: what stands still leads to nothing."""

    def test_offers_nothing(self) -> None:
        """Source: domain.md section 3: CM, viva offered; stopped by a hold."""
        VIVA.given(on_hold()).when(hear()).then(heard())

    def test_awards_nothing(self) -> None:
        """Source: domain.md section 3: no viva, awarded; stopped by a hold."""
        VIVA.given(on_hold()).when(hear(terms=NO_VIVA)).then(heard())

    @pytest.mark.parametrize(
        ("since", "command"),
        [
            ((heard(), offered()), book()),
            ((heard(), offered()), book(by=None)),
            (READY, book(slot_id="s2")),
            (READY, adjust(15)),
            ((heard(), offered()), appoint()),
            (READY, judge()),
            (ONE_VERDICT, judge(HUGO, other=LENA)),
            ((*ONE_VERDICT, judged("hugo", "not_passed"), disagreed()), settle()),
        ],
    )
    def test_refuses_to_book_to_appoint_and_to_decide(
        self, since: tuple[VivaEvent, ...], command: VivaCommand
    ) -> None:
        """Source: domain.md section 3: a hold stops the case."""
        VIVA.given(*since, on_hold()).when(command).then_refused(CaseOnHoldError)

    def test_says_nothing_to_somebody_else(self) -> None:
        """Source: domain.md section 1: nothing of another participant."""
        VIVA.given(heard(), offered(), on_hold()).when(book(by="bea")).then_refused(
            NotYourVivaError
        )

    def test_lets_minutes_be_agreed_where_no_time_is_booked(self) -> None:
        """Source: S2 6.2.2."""
        VIVA.given(heard(), offered(), on_hold()).when(adjust(15)).then(adjusted(15))

    def test_keeps_the_second_hold_when_the_first_is_lifted(self) -> None:
        """Source: domain.md section 3."""
        since = (on_hold(), on_hold("h2"), heard())
        VIVA.given(*since).when(lift_hold()).then(lifted())
        VIVA.given(*since, lifted()).when(lift_hold("h2")).then(
            lifted("h2"), offered(at=AFTER)
        )

    @pytest.mark.parametrize("told", [offered(), booked(), moved()])
    def test_lets_letters_that_invite_wait(self, told: VivaEvent) -> None:
        """Source: domain.md section 5: checked that it is still true."""
        assert waits(told, VIVA.state(*READY, on_hold()))
        assert not waits(told, VIVA.state(*READY, on_hold(), lifted()))
        assert not waits(not_passed(), VIVA.state(*READY, on_hold()))


class TestLiftHold:
    """Source: domain.md section 3: a clock can be restarted; each is a fact."""

    def test_offers_what_was_kept_back(self) -> None:
        """Source: domain.md section 3: CM, viva offered."""
        VIVA.given(on_hold(), heard()).when(lift_hold()).then(
            lifted(), offered(at=AFTER)
        )

    def test_awards_what_was_kept_back(self) -> None:
        """Source: domain.md section 3: no viva in the programme, awarded."""
        VIVA.given(on_hold(), heard()).when(lift_hold(terms=NO_VIVA)).then(
            lifted(), awarded()
        )

    @pytest.mark.parametrize(
        "since",
        [
            (on_hold(),),
            (on_hold(), heard(outcome="CNM")),
            (on_hold(), heard(), withdrawn()),
            (heard(), offered(), on_hold()),
            (*READY, on_hold()),
            (*ONE_VERDICT, on_hold()),
            (heard(), awarded(), on_hold()),
        ],
        ids=["unheard", "CNM", "withdrawn", "offered", "ready", "held", "awarded"],
    )
    def test_offers_nothing_that_was_not_kept_back(
        self, since: tuple[VivaEvent, ...]
    ) -> None:
        """Source: domain.md section 3."""
        VIVA.given(*since).when(lift_hold()).then(lifted())
        before, after = VIVA.state(*since), VIVA.state(*since, lifted())
        assert before.situation == after.situation

    def test_awards_nobody_who_withdrew_meanwhile(self) -> None:
        """Source: domain.md section 4, Withdrawn: takes no further part."""
        since = (on_hold(placed_at=RELEASED_AT), heard(), withdrawn())
        VIVA.given(*since).when(lift_hold(terms=NO_VIVA)).then(lifted())

    def test_voids_the_award_of_who_had_withdrawn_meanwhile(self) -> None:
        """Source: architecture.md: no order is promised between topics."""
        since = (on_hold(placed_at=RELEASED_AT), heard(), lifted(), awarded())
        revoked = AwardRevoked(
            case_id="case-1",
            participant_id="ana",
            award_id=CONFERRAL.award_id,
            occurred_at=AT,
        )
        VIVA.given(*since).when(withdraw()).then(withdrawn(), revoked)

    def test_counts_before_the_hold_is_heard_of(self) -> None:
        """Source: architecture.md: no order is promised between topics."""
        VIVA.given().when(lift_hold(terms=None, conferral=None)).then(lifted())
        VIVA.given(lifted()).when(lift_hold()).then_nothing()
        VIVA.given(lifted(), on_hold()).when(hear()).then(heard(), offered())

    def test_lets_a_time_be_changed_that_passed_meanwhile(self) -> None:
        """Source: domain.md section 3 (P): who was held may choose once more."""
        asked = book(at=AFTER, slot_id="s2", starts_at=LATER)
        VIVA.given(*READY).when(asked).then_refused(TooLateError)
        since = (*READY, on_hold(), lifted())
        VIVA.given(*since).when(asked).then(
            moved(slot_id="s2", starts_at=LATER, occurred_at=AFTER)
        )

    def test_excuses_nothing_that_was_late_before(self) -> None:
        """Source: (P): seven days before."""
        placed = STARTS_AT - timedelta(days=3)
        since = (*READY, on_hold(placed_at=placed), lifted())
        asked = book(at=AFTER, slot_id="s2", starts_at=LATER)
        VIVA.given(*since).when(asked).then_refused(TooLateError)


class TestAHeldCase:
    """Source: domain.md section 3."""

    async def test_is_offered_a_viva_when_the_hold_ends(self) -> None:
        """Source: domain.md section 3."""
        world = await World().hear(hold_placed("c1"), released("c1"))
        assert (await world.case("c1")).situation == NotOffered()
        assert (await world.rows())["viva c1"].is_on_hold
        assert await world.published() == []
        await world.hear(hold_lifted("c1"))
        assert (await world.case("c1")).situation == Waiting(1)
        assert not (await world.rows())["viva c1"].is_on_hold

    async def test_is_awarded_when_the_hold_ends(self) -> None:
        """Source: domain.md section 3: no viva in the programme, awarded."""
        world = await World().hear(
            hold_placed("c1"), released("c1", programme="QTLS"), hold_lifted("c1")
        )
        assert isinstance((await world.case("c1")).situation, Awarded)

    async def test_keeps_its_time_and_panel(self) -> None:
        """Source: domain.md section 3: a hold changes nothing but when."""
        world = await World().hear(*panellists(), released("c1"))
        await world.open_round()
        await world.book("c1")
        await world.appoint("c1")
        before = (await world.case("c1")).situation
        await world.hear(hold_placed("c1"))
        with pytest.raises(CaseOnHoldError):
            await world.book("c1", "s2")
        world.now = AFTER
        with pytest.raises(CaseOnHoldError):
            await world.judge("c1", "lena")
        await world.hear(hold_lifted("c1", at=AFTER))
        assert (await world.case("c1")).situation == before
        await world.judge("c1", "lena")
        await world.judge("c1", "hugo")
        assert isinstance((await world.case("c1")).situation, Awarded)

    async def test_lets_its_invitation_wait(self) -> None:
        """Source: domain.md section 5: checked at the moment of sending."""
        world = await World().hear(released("c1"))
        events = await world.log.read_after(0)
        (told,) = (each.event_id for each in events if each.type == "viva.Offered")
        ask = world.confirming.is_still_true
        await world.hear(hold_placed("c1"))
        with pytest.raises(AskAgainLaterError):
            await ask("c1", "viva-c1", told)
        await world.hear(hold_lifted("c1"))
        assert await ask("c1", "viva-c1", told)
