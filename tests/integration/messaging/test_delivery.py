"""From the log of one service into the log of another."""

from tests.support.messaging import (
    Listener,
    Speaker,
    assert_sound,
    eventually,
    heard_all,
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
            await eventually(lambda: heard_all(speaker, listener))
            assert relay.health().ready, relay.health()
            assert consumer.health().ready, consumer.health()
            await assert_sound(speaker, listener)
