"""An allocation of a cohort that is interrupted goes on with the same request."""

from dataclasses import replace

import pytest

from services.review.app import CODEC
from services.review.domain.allocation.plan import Given, Plan
from services.review.domain.allocation.world import World as Seen
from services.review.domain.application.commands import BeginApplication
from services.review.domain.application.decide import REVIEWS_OF_A_FACT, application
from services.review.domain.application.events import ApplicationBegun
from services.review.domain.turns import Allocated
from services.review.handlers import Allocating, Wanted
from services.review.handlers.allocating import WorldChangedError
from shared.eventlog import Appended, RequestKey, UnitOfWork
from shared.handling import Cause, Handled, Handling, PendingRequest
from tests.support.memory_log import MemoryEventLog
from tests.support.specification import Scenario
from tests.unit.review.examples import AT, all_judged, claimed, completed, drafted
from tests.unit.review.test_assignment import a_colleague, a_review, world
from tests.unit.review.test_interleavings import MESSAGES
from tests.unit.review.test_recall import RecallWorld

APPLICATIONS = Scenario(application)
BEFORE = world([a_review(1), a_review(2)], [a_colleague()])
AFTER = world([a_review(2)], [a_colleague()])
GIVEN = (Given("case-1.1.1", "rita"), Given("case-2.1.1", "sam"))
WANTED = Wanted(based_on=BEFORE.digest(), by="olga", at=AT)


class KilledError(BaseException):
    """Nothing runs any more."""


class Mortal(MemoryEventLog):
    """A log of a process that is killed after so many appends."""

    left: int | None = None

    async def append(self, work: UnitOfWork) -> Appended:
        if self.left is not None:
            if self.left == 0:
                raise KilledError
            self.left -= 1
        return await super().append(work)


class Office:
    """Gives two reviews away, in a process that may be killed meanwhile."""

    def __init__(self) -> None:
        self.log = Mortal(now=lambda: AT)
        self.review = RecallWorld(self.log)
        self.seen = BEFORE
        self.look_up = self.see

    async def apply(self, key: str = "once", wanted: Wanted = WANTED) -> Handled:
        named = RequestKey(actor="olga", route="POST /allocations", key=key)
        request = PendingRequest(key=named, body_sha256=b"1" * 32)
        cause = replace(Cause.by_clock("review", "apply", key), request=request)
        allocating = Allocating(Handling(self.log, CODEC), self._plan)
        return await allocating.apply(self.look_up, wanted, cause)

    async def killed_after(self, appends: int) -> None:
        """Have the process killed once so much is written, and another one run."""
        self.log.left = appends
        with pytest.raises(KilledError):
            await self.apply()
        self.seen = AFTER
        self.log.left = None

    async def allocated(self) -> list[str]:
        """Return to whom something was given, as facts have it, each time."""
        found = []
        for given in GIVEN:
            events = await self.log.read_stream(f"review-{given.review_id}")
            facts = [CODEC.decode(event) for event in events]
            found += [f.reviewer_id for f in facts if isinstance(f, Allocated)]
        return found

    async def see(self) -> Seen:
        return self.seen

    async def _plan(self, seen: Seen) -> Plan:
        return Plan(based_on=seen.digest(), given=GIVEN, shares=(), left_over=())


async def office() -> Office:
    opened = Office()
    await opened.review.hear(MESSAGES)
    return opened


class TestInterrupted:
    """Source: moderation.md, "Reviewing": a preview before it is applied."""

    @pytest.mark.parametrize("appends", [1, 2, 3])
    async def test_goes_on_and_gives_each_once(self, appends: int) -> None:
        desk = await office()
        await desk.killed_after(appends)
        done = await desk.apply()
        assert (done.body["allocated"], done.body["refused"]) == (2, 0)
        assert await desk.allocated() == ["rita", "sam"]

    async def test_answers_the_same_though_a_review_was_judged_since(self) -> None:
        desk = await office()
        await desk.killed_after(3)
        await desk.review.append(
            claimed("rita", 1), *all_judged(), drafted(), completed()
        )
        done = await desk.apply()
        assert (done.body["allocated"], done.body["refused"]) == (2, 0)

    async def test_answers_the_same_when_it_is_asked_twice_at_once(self) -> None:
        desk = await office()

        async def meanwhile() -> Seen:
            desk.look_up = desk.see
            await desk.killed_after(2)
            return AFTER

        desk.look_up = meanwhile
        done = await desk.apply()
        assert (done.body["allocated"], done.body["refused"]) == (2, 0)
        assert await desk.allocated() == ["rita", "sam"]

    async def test_is_refused_to_another_request(self) -> None:
        desk = await office()
        await desk.killed_after(2)
        with pytest.raises(WorldChangedError):
            await desk.apply("another")

    async def test_is_refused_with_another_preview(self) -> None:
        desk = await office()
        await desk.killed_after(2)
        with pytest.raises(WorldChangedError):
            await desk.apply(wanted=replace(WANTED, based_on="0" * 64))

    async def test_before_anything_was_set_down_is_planned_anew(self) -> None:
        desk = await office()
        await desk.killed_after(0)
        with pytest.raises(WorldChangedError):
            await desk.apply()
        assert await desk.allocated() == []


class TestApplication:
    def test_sets_down_everything_once_in_parts(self) -> None:
        many = tuple(
            Given(f"case-{number}.1.1", "rita") for number in range(REVIEWS_OF_A_FACT)
        )
        command = BeginApplication(
            based_on=WANTED.based_on, by="olga", given=(*many, GIVEN[1]), at=AT
        )
        facts = APPLICATIONS.given().when(command).decide()
        assert [type(each) for each in facts] == [ApplicationBegun] * 2
        assert APPLICATIONS.state(*facts).given == command.given
        APPLICATIONS.given(*facts).when(command).then_nothing()

    def test_of_nothing_is_begun_too(self) -> None:
        command = BeginApplication(based_on=WANTED.based_on, by="olga", given=(), at=AT)
        (fact,) = APPLICATIONS.given().when(command).decide()
        assert APPLICATIONS.state(fact).given == ()
