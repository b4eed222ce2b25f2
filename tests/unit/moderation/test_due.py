"""When a drawn case is due: the month it shares with its review, holds, lateness."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import permutations

from services.moderation.api.queue import OverdueCase, QueueItem
from services.moderation.app import CODEC
from services.moderation.domain.commands import FollowHolds, MarkOverdue
from services.moderation.domain.decide import moderation
from services.moderation.domain.events import ModerationFact
from services.moderation.domain.lateness import DueMoved, FellOverdue
from services.moderation.domain.stopping.decide import stopping
from services.moderation.domain.stopping.events import HoldEndNoted, HoldNoted
from services.moderation.handlers.streams import case_stream
from services.moderation.outgoing import to_public
from services.moderation.read_models import CaseRow, follow_case
from shared.contracts import moderation as public
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.holds import Hold, Holds, NoteHold, NoteHoldEnd
from shared.london import LONDON
from tests.support.specification import Scenario
from tests.support.stored import stored
from tests.unit.moderation.examples import (
    CALLED,
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    DUE_AT,
    MODERATOR,
    NOW,
    blind,
    comparison,
    opened,
    referred,
    taken,
)
from tests.unit.moderation.test_case import upheld
from tests.unit.moderation.test_outcomes import (
    ORDERED,
    RETURN_DUE_AT,
    RETURNED,
    WITHDRAWN,
    rejudge,
)
from tests.unit.moderation.test_rounds import RETURN
from tests.unit.moderation.world import World, received

CASE = Scenario(moderation)
CLOCKS = Scenario(stopping)
DAY = timedelta(days=1)
NO_HOLD = Holds()


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=LONDON)


TWO_DAYS = Holds({"h1": Hold(noon(10), noon(11))})
OPEN_HOLD = Holds({"h1": Hold(noon(10))})


def mark(at: datetime = DUE_AT, holds: Holds = NO_HOLD) -> MarkOverdue:
    return MarkOverdue(holds=holds, lead_id="p-lead", at=at)


def overdue(due_at: datetime = DUE_AT, at: datetime | None = None) -> FellOverdue:
    return FellOverdue(
        case_id="c1",
        cohort_id=COHORT,
        attempt=1,
        programme="ATS",
        lead_id="p-lead",
        due_at=due_at,
        occurred_at=at or due_at,
    )


def moved(days: int) -> DueMoved:
    return DueMoved(due_at=DUE_AT + days * DAY, occurred_at=NOW)


ONE = MODERATOR.standing


class TestModerationDue:
    """Source: S2 4.4: review and moderation together run over one month."""

    def test_falls_overdue_at_the_end_of_the_month_of_its_review(self) -> None:
        early = mark(DUE_AT - timedelta(seconds=1))
        CASE.given(opened()).when(early).then_nothing()
        CASE.given(opened()).when(mark()).then(overdue())

    def test_is_told_once_for_each_last_day(self) -> None:
        CASE.given(opened(), overdue()).when(mark(DUE_AT + DAY)).then_nothing()
        later = DUE_AT + 2 * DAY
        CASE.given(opened(), overdue(), moved(2)).when(mark(later)).then(overdue(later))

    def test_is_the_same_for_a_second_moderator_and_for_the_lead(self) -> None:
        """Another day would tell whoever judges blind that somebody has judged."""
        second = (taken(), blind(CNM_LEVELS), comparison(CM_LEVELS, CNM_LEVELS), CALLED)
        CASE.given(opened(), *second).when(mark()).then(overdue())
        CASE.given(*referred()).when(mark()).then(overdue())

    def test_is_over_once_it_is_settled_or_withdrawn(self) -> None:
        settled = (taken(), blind(CM_LEVELS), comparison(CM_LEVELS, CM_LEVELS))
        CASE.given(opened(), *settled, upheld("agreement")).when(mark()).then_nothing()
        CASE.given(opened(), WITHDRAWN).when(mark()).then_nothing()
        CASE.given().when(mark()).then_nothing()

    def test_has_a_month_again_after_a_return(self) -> None:
        """Source: moderation.md 5: return to reviewer; S2 4.4."""
        CASE.given(*RETURNED).when(mark()).then_nothing()
        late = mark(RETURN_DUE_AT)
        CASE.given(*RETURNED).when(late).then(overdue(RETURN_DUE_AT))
        back = moderation.decide(rejudge(CM_LEVELS), CASE.state(*RETURNED))
        CASE.given(*RETURNED, *back).when(late).then(overdue(RETURN_DUE_AT))

    def test_is_unknown_of_what_was_told_before_months_were(self) -> None:
        old = opened().judged.model_copy(
            update={"period_from": None, "period_until": None}
        )
        fact = opened().model_copy(update={"judged": old})
        CASE.given(fact).when(mark(DUE_AT + 99 * DAY)).then_nothing()
        CASE.given(fact).when(FollowHolds(holds=TWO_DAYS, at=NOW)).then_nothing()


class TestModerationHeld:
    """Source: domain.md section 3: a clock can be stopped and restarted."""

    def test_moves_by_every_day_that_was_held(self) -> None:
        follow = FollowHolds(holds=TWO_DAYS, at=NOW)
        CASE.given(opened()).when(follow).then(moved(2))
        CASE.given(opened(), moved(2)).when(follow).then_nothing()
        CASE.given(opened()).when(FollowHolds(holds=NO_HOLD, at=NOW)).then_nothing()

    def test_never_falls_overdue_while_the_clocks_stand_still(self) -> None:
        CASE.given(opened()).when(mark(DUE_AT + DAY, OPEN_HOLD)).then_nothing()

    def test_counts_only_days_of_the_month_in_force(self) -> None:
        follow = FollowHolds(holds=Holds({"h1": Hold(noon(1), noon(3))}), at=NOW)
        after = DueMoved(due_at=RETURN_DUE_AT + 2 * DAY, occurred_at=NOW)
        CASE.given(*RETURNED).when(follow).then(after)

    def test_keeps_each_end_of_a_hold_once_in_any_order(self) -> None:
        place = NoteHold(case_id="c1", hold_id="h1", placed_at=noon(10), at=NOW)
        lift = NoteHoldEnd(case_id="c1", hold_id="h1", lifted_at=noon(11), at=NOW)
        placed = HoldNoted(
            case_id="c1", hold_id="h1", placed_at=noon(10), occurred_at=NOW
        )
        lifted = HoldEndNoted(
            case_id="c1", hold_id="h1", lifted_at=noon(11), occurred_at=NOW
        )
        CLOCKS.given().when(place).then(placed)
        CLOCKS.given().when(lift).then(lifted)
        CLOCKS.given(lifted).when(place).then(placed)
        CLOCKS.given(placed).when(place).then_nothing()
        CLOCKS.given(placed, lifted).when(lift).then_nothing()


Step = Callable[[World], Awaitable[object]]


async def _place(world: World) -> None:
    body = HoldPlaced(case_id="c1", hold_id="h1", placed_at=noon(10))
    await world.handlers[HoldPlaced](received(body, "placed"))


async def _lift(world: World) -> None:
    body = HoldLifted(case_id="c1", hold_id="h1", lifted_at=noon(11))
    await world.handlers[HoldLifted](received(body, "lifted"))


class TestDueInWhateverOrder:
    """Source: architecture.md: no order is promised between topics."""

    async def test_is_the_same_day_however_holds_and_judgement_are_heard(self) -> None:
        steps: tuple[Step, ...] = (
            lambda world: world.ready(),
            lambda world: world.completed(1),
            _place,
            _lift,
        )
        for order in permutations(steps):
            world = World()
            for step in order:
                await step(world)
            facts = await world.facts(case_stream("c1", 1))
            last = [fact for fact in facts if isinstance(fact, DueMoved)]
            assert [fact.due_at for fact in last] == [DUE_AT + 2 * DAY]

    async def test_gives_a_returned_judgement_a_month_from_then(self) -> None:
        """Source: S2 4.4; moderation.md 5."""
        world = World()
        await world.ready()
        await world.completed(1)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, RETURN)
        assert not await late(world, RETURN_DUE_AT - timedelta(seconds=1))
        (told,) = await late(world, RETURN_DUE_AT)
        assert told.due_at == RETURN_DUE_AT

    async def test_is_told_to_the_lead_who_published_the_plan(self) -> None:
        """Source: S2 4.4: what runs over the month is seen by who runs the plan."""
        world = World()
        await world.ready()
        await world.completed(1)
        (told,) = await late(world, DUE_AT)
        message = to_public(told, None)  # type: ignore[arg-type]
        assert isinstance(message, public.Overdue)
        assert (message.lead_id, message.due_at) == ("p-lead", DUE_AT)

    async def test_is_no_longer_told_once_settled_or_on_hold(self) -> None:
        """Source: domain.md section 5: still true at the moment of sending."""
        world = World()
        await world.ready()
        await world.completed(1)
        await late(world, DUE_AT)
        stream = case_stream("c1", 1)
        event = (await world.log.read_stream(stream))[-1]
        asked = world.disclosure.is_still_true
        assert await asked("c1", stream, event.event_id)
        await _place(world)
        assert not await asked("c1", stream, event.event_id)
        other = World()
        await other.ready()
        await other.completed(1)
        await late(other, DUE_AT)
        event = (await other.log.read_stream(stream))[-1]
        await other.judge(1, CM_LEVELS)
        assert not await other.disclosure.is_still_true("c1", stream, event.event_id)


async def late(world: World, at: datetime) -> list[FellOverdue]:
    """Return what falls overdue of the first case at this time."""
    handled = await world.due.mark_overdue("c1", 1, at=at, cause=world.cause())
    return [fact for fact in handled.facts if isinstance(fact, FellOverdue)]


def row_after(*facts: object) -> CaseRow:
    row: CaseRow | None = None
    for fact in facts:
        known: ModerationFact = fact  # type: ignore[assignment]
        row = follow_case(row, known, stored(CODEC, known, "moderation-c1.1"))
    assert row is not None
    return row


class TestDueInTheQueue:
    """Source: S2 4.4; moderation.md 4: nothing tells what was judged, or when."""

    def test_shows_the_last_day_and_moves_it(self) -> None:
        assert QueueItem.of("c1.1", row_after(opened()), "p-mod").due_at == DUE_AT
        row = row_after(opened(), overdue(), moved(2))
        assert (row.due_at, row.overdue_since) == (DUE_AT + 2 * DAY, None)
        row = row_after(*referred(), overdue(), ORDERED)
        assert (row.due_at, row.overdue_since) == (RETURN_DUE_AT, None)

    def test_tells_no_stage_and_no_holder_to_whoever_may_judge_next(self) -> None:
        first = row_after(opened(), taken(), overdue())
        second = row_after(
            opened(),
            taken(),
            blind(CNM_LEVELS),
            comparison(CM_LEVELS, CNM_LEVELS),
            CALLED,
            overdue(),
        )
        shown = [
            OverdueCase.of("c1.1", row, DUE_AT, {"p-mod": ONE}, is_blind=True)
            for row in (first, second)
        ]
        assert shown[0] == shown[1]
        assert (shown[0].waits_for, shown[0].holder_id) == ("moderator", None)
        assert shown[0].is_short

    def test_tells_the_lead_whom_it_waits_for(self) -> None:
        held = OverdueCase.of(
            "c1.1",
            row_after(opened(), taken(), overdue()),
            DUE_AT,
            {"p-mod": ONE, "p-mod2": ONE},
            is_blind=False,
        )
        assert (held.waits_for, held.holder_id) == ("moderator", "p-mod")
        assert not held.is_short
        for facts, waits_for in (
            (referred(), "lead"),
            ((*referred(), ORDERED), "reviewer"),
        ):
            row = row_after(*facts)
            case = OverdueCase.of("c1.1", row, DUE_AT, {}, is_blind=False)
            assert (case.waits_for, case.is_short) == (waits_for, False)
