"""Whoever tries to bend a draw is refused, and operations can read that they tried."""

from dataclasses import replace

import pytest

from services.moderation.domain.plan.commands import CommitNonce, RevealNonce
from services.moderation.domain.plan.events import AttemptRefused
from services.moderation.domain.plan.refusals import (
    AnotherPlanPublishedError,
    BoundToAnotherNonceError,
    KeyDoesNotMatchError,
    NonceDoesNotMatchError,
    NotAPartyError,
    PlanTooLateError,
)
from services.moderation.handlers import PlanWords
from services.moderation.handlers.streams import plan_stream
from shared.handling import Handled
from tests.unit.moderation.examples import COHORT, PARTIES
from tests.unit.moderation.test_export import TestExports
from tests.unit.moderation.world import World


async def publish(world: World, **changes: object) -> Handled:
    words = PlanWords(
        cohort_id=COHORT, programme="ATS", parties=PARTIES, rules=world.rules
    ).model_copy(update=changes)
    cause = world.cause()
    return await world.plans.publish(words, by="p-lead", at=world.now, cause=cause)


async def kept(world: World) -> list[tuple[str, str, str]]:
    facts = await world.facts(plan_stream(COHORT))
    return [
        (fact.attempted, fact.refusal, fact.by)
        for fact in facts
        if isinstance(fact, AttemptRefused)
    ]


class OtherVault:
    """Opens the wrapping to bytes that nobody committed to."""

    def unwrap(self, wrapped: str, *, name: str) -> bytes:
        assert (wrapped, name) != ("", "")
        return bytes(32)


class TestRefusedAttempts:
    async def test_tell_of_a_plan_after_the_first_judgement(self) -> None:
        world = World()
        await world.completed(1)
        for _ in range(2):
            with pytest.raises(PlanTooLateError):
                await publish(world)
        assert await kept(world) == [("plan", "PlanTooLate", "p-lead")]

    async def test_tell_of_another_plan(self) -> None:
        world = World()
        await world.publish()
        rules = world.rules.model_copy(update={"idle_days": 9})
        with pytest.raises(AnotherPlanPublishedError):
            await publish(world, rules=rules)
        assert await kept(world) == [("plan", "AnotherPlanPublished", "p-lead")]

    async def test_tell_of_numbers_that_are_not_the_committed_ones(self) -> None:
        world = World()
        await world.publish()
        await world.commit_all()
        party = PARTIES[1]
        other = CommitNonce(party=party, commitment="7" * 64, at=world.now)
        with pytest.raises(BoundToAnotherNonceError):
            await world.plans.commit(COHORT, other, world.cause())
        number = RevealNonce(party=party, nonce="7" * 64, at=world.now)
        with pytest.raises(NonceDoesNotMatchError):
            await world.plans.reveal(COHORT, number, world.cause())
        assert await kept(world) == [
            ("commitment", "BoundToAnotherNonce", party),
            ("number", "NonceDoesNotMatch", party),
        ]

    async def test_tell_of_a_key_that_is_not_the_committed_one(self) -> None:
        """As after a restore with another key: the wrapping opens to other bytes."""
        world = await TestExports().disclosed()
        world.releases = replace(world.releases, vault=OtherVault())
        with pytest.raises(KeyDoesNotMatchError):
            await world.reveal_key()
        assert await kept(world) == [("key", "KeyDoesNotMatch", "p-lead")]

    async def test_leave_no_trace_of_strangers(self) -> None:
        """Anybody signed in may try; that must not fill the log."""
        world = World()
        await world.publish()
        stranger = RevealNonce(party="p-mallory", nonce="7" * 64, at=world.now)
        with pytest.raises(NotAPartyError):
            await world.plans.reveal(COHORT, stranger, world.cause())
        assert await kept(world) == []
