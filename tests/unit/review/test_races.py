"""Four reviewers race for one review: one holder, one judgement, whatever comes first.

Source: moderation.md, "Reviewing" (a fencing token checked on every write);
architecture.md, "The event log" (expected versions).
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest

from services.review.app import CODEC
from services.review.domain import claims, judgement
from services.review.domain.allocation.commands import Holder
from services.review.domain.situations import Claim, Waiting
from shared.eventlog import Appended, UnitOfWork
from tests.support.memory_log import MemoryEventLog
from tests.unit.review.examples import LEASE_ENDS_AT
from tests.unit.review.racing import STREAM, Dice, Race, Referee

RACES = 10_000
RACES_WHEN_QUICK = 1_000
SEED = 20260402
UNSHOWN = "a write that showed another token"


class CarelessLog(MemoryEventLog):
    """A log that takes whatever comes, on whatever version it was decided."""

    async def append(self, work: UnitOfWork) -> Appended:
        (write,) = work.writes
        version = len(await self.read_stream(write.stream))
        moved = replace(write, expected_version=version)
        return await super().append(replace(work, writes=(moved,)))


async def violations(races: int, log: type[MemoryEventLog]) -> Counter[str]:
    """Return what the referee found in so many races, counted."""
    found: Counter[str] = Counter()
    for seed in range(races):
        race = Race(Dice(SEED + seed), log())
        await race.run()
        found.update(Referee().watch(race.accepted))
        found.update(UNSHOWN for _ in race.unshown)
    return found


class TestRaces:
    async def test_have_one_holder_and_one_judgement(self, quick: bool) -> None:  # noqa: FBT001
        races = RACES_WHEN_QUICK if quick else RACES
        found: Counter[str] = Counter()
        happened: Counter[str] = Counter()
        for seed in range(races):
            race = await Race(Dice(SEED + seed), MemoryEventLog()).run()
            found.update(Referee().watch(race.accepted))
            found.update(UNSHOWN for _ in race.unshown)
            happened.update(race.happened)
        assert found == {}
        assert self._rarest(happened) > races // 20, happened

    def _rarest(self, happened: Counter[str]) -> int:
        """Return how often the rarest of what the races are about came to pass."""
        wanted = (
            "conflict",
            "Claimed",
            "ClaimLapsed",
            "ClaimReleased",
            "CriterionJudged",
            "Completed",
            "Recalled",
            "HeldBySomebodyElse",
            "TokenStale",
            "TokenNotYours",
            "RecallTooLate",
        )
        return min(happened[each] for each in wanted)

    async def test_are_the_same_for_the_same_seed(self) -> None:
        first, again, other = [
            await Race(Dice(seed), MemoryEventLog()).run() for seed in (7, 7, 8)
        ]
        assert first.accepted == again.accepted != other.accepted

    async def test_are_watched_in_the_order_of_the_log(self) -> None:
        race = await Race(Dice(SEED), MemoryEventLog()).run()
        stored = [CODEC.decode(event) for event in await race.log.read_stream(STREAM)]
        assert stored == race.accepted


class TestReferee:
    """The races can be lost: what they rest on is taken away, and they find it."""

    async def test_finds_a_decider_that_checks_no_token(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def trusting(by: Holder, state: Waiting, _: object) -> Claim:
            held = state.claim or Claim(by.reviewer_id, 1, 30, LEASE_ENDS_AT)
            return replace(held, reviewer_id=by.reviewer_id, token=by.token or 1)

        for module in (claims, judgement):
            monkeypatch.setattr(module, "claim_of", trusting)
        found = await violations(50, MemoryEventLog)
        assert found["a write without the token in force"]
        assert found["a write of somebody else"]

    async def test_finds_a_decider_that_takes_a_token_of_an_earlier_claim(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        checked = claims.claim_of

        def forgetful(by: Holder, state: Waiting, at: datetime) -> Claim:
            held = state.claim
            is_theirs = held is not None and held.reviewer_id == by.reviewer_id
            known = replace(by, token=held.token) if held and is_theirs else by
            return checked(known, state, at)

        for module in (claims, judgement):
            monkeypatch.setattr(module, "claim_of", forgetful)
        found = await violations(200, MemoryEventLog)
        assert set(found) == {UNSHOWN}

    async def test_finds_a_log_that_checks_no_version(self) -> None:
        found = await violations(1_000, CarelessLog)
        assert found["two holders at once"]
        assert found["two accepted judgements"]

    async def test_finds_a_lease_that_never_ends(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(claims, "has_lapsed", lambda *_: False)
        found = await violations(50, MemoryEventLog)
        assert set(found) == {"a write after the lease"}
