"""Giving away a cohort: what a preview shows, and what is planned when."""

from dataclasses import replace

import pytest

from services.review.app import CODEC
from services.review.assignment.solving import plan
from services.review.domain.allocation.plan import Plan
from services.review.domain.allocation.world import World
from services.review.handlers import Allocating, Wanted
from services.review.handlers.allocating import WorldChangedError
from shared.eventlog import EventLog, RequestKey
from shared.handling import Cause, Handled, Handling, PendingRequest
from tests.support.memory_log import MemoryEventLog
from tests.unit.review.examples import AT
from tests.unit.review.test_assignment import a_colleague, a_review, world

FREE = world([a_review(1), a_review(2), a_review(3)], [a_colleague(at_most=2)])


class Office:
    """Allocates a cohort, and counts how often it was planned."""

    def __init__(self) -> None:
        self.looked = 0
        self.planned = 0
        log: EventLog = MemoryEventLog()
        self.allocating = Allocating(Handling(log, CODEC), self._plan)

    async def preview(self, by: str) -> Plan:
        return await self.allocating.preview(self._look_up, by)

    async def apply(self, wanted: Wanted) -> Handled:
        key = RequestKey(actor="olga", route="POST /allocations", key="once")
        request = PendingRequest(key=key, body_sha256=b"1" * 32)
        cause = replace(Cause.by_clock("review", "apply"), request=request)
        return await self.allocating.apply(self._look_up, wanted, cause)

    async def _look_up(self) -> World:
        self.looked += 1
        return FREE

    async def _plan(self, seen: World) -> Plan:
        self.planned += 1
        return plan(seen)


class TestPreview:
    """Source: moderation.md, "Reviewing"; nobody sees who judges their own case."""

    @pytest.mark.parametrize(
        ("by", "given", "left_over"),
        [
            ("olga", ["case-1.1.1", "case-2.1.1"], ["case-3.1.1"]),
            ("p-1", ["case-2.1.1"], ["case-3.1.1"]),
            ("p-3", ["case-1.1.1", "case-2.1.1"], []),
        ],
    )
    async def test_leaves_out_whose_it_is(
        self, by: str, given: list[str], left_over: list[str]
    ) -> None:
        seen = await Office().preview(by)
        assert [each.review_id for each in seen.given] == given
        assert [each.review_id for each in seen.left_over] == left_over

    async def test_rests_on_the_same_whoever_asks(self) -> None:
        one, other = [await Office().preview(by) for by in ("olga", "p-1")]
        assert replace(other, given=one.given) == one


class TestApplication:
    async def test_is_refused_unplanned_when_the_world_has_changed(self) -> None:
        """Planning takes a process of its own: not for what is refused anyhow."""
        office = Office()
        wanted = Wanted(based_on="0" * 64, by="olga", at=AT)
        with pytest.raises(WorldChangedError) as refused:
            await office.apply(wanted)
        assert refused.value.status == 409
        assert refused.value.context == {"now": FREE.digest()}
        assert (office.looked, office.planned) == (1, 0)

    async def test_is_planned_once(self) -> None:
        office = Office()
        wanted = Wanted(based_on=FREE.digest(), by="olga", at=AT)
        done = await office.apply(wanted)
        assert (done.body["allocated"], done.body["refused"]) == (0, 2)
        assert done.body["refusals"] == (
            "case-1.1.1 UnknownReview, case-2.1.1 UnknownReview"
        )
        assert office.planned == 1
