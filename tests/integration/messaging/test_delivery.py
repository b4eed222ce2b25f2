"""From the log of one service into the log of another."""

from shared.messaging import Reconciler
from tests.support.messaging import (
    Listener,
    Speaker,
    eventually,
    in_order,
    listening,
    running,
    settings_for,
    speaking,
)


class TestDelivery:
    async def test_brings_every_public_fact_exactly_once_and_in_order(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        keys = [f"p{number}" for number in range(40)]
        await speaker.say_all(keys[:20], range(5))
        relay = speaking(speaker.service, settings_for("submission", kafka_bootstrap))
        consumer = listening(listener, settings_for("review", kafka_bootstrap))
        async with running(relay, consumer):
            await speaker.say_all(keys[20:], range(5))
            await speaker.say_all(keys, range(5, 10))

            async def all_heard() -> bool:
                return len(await listener.heard()) >= len(speaker.said)

            await eventually(all_heard)
            assert relay.health().ready, relay.health()
            assert consumer.health().ready, consumer.health()
            (found,) = await Reconciler(
                listener.service.pool, listener.service.log
            ).report()
        assert found.sound, found
        assert found.lag == 0
        heard = await listener.heard()
        assert sorted(heard) == sorted(speaker.said)
        assert in_order(heard)
