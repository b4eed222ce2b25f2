"""From the log of one service into the log of another."""

import asyncio

import pytest

from shared.embedded import BrokerProcess
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
from tests.support.running_services import LEAKED_AT_STOP


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

    @pytest.mark.filterwarnings(LEAKED_AT_STOP)
    async def test_ends_at_once_when_it_is_stopped_while_it_joins(
        self, speaker: Speaker, listener: Listener, kafka_bootstrap: str
    ) -> None:
        for seconds in (0.0, 0.05, 0.5, 3.0):
            relay = speaking(
                speaker.service, settings_for("submission", kafka_bootstrap)
            )
            consumer = listening(listener, settings_for("review", kafka_bootstrap))
            async with asyncio.timeout(seconds + 5), running(relay, consumer):
                await asyncio.sleep(seconds)
            assert not consumer.health().ready

    async def test_waits_for_a_broker_that_is_not_there_yet(
        self, speaker: Speaker, listener: Listener, own_broker: BrokerProcess
    ) -> None:
        servers = own_broker.bootstrap_servers
        await own_broker.kill()
        relay = speaking(speaker.service, settings_for("submission", servers))
        consumer = listening(listener, settings_for("review", servers))
        async with running(relay, consumer):
            await speaker.say("p1", 0)
            await asyncio.sleep(2)
            assert not relay.health().ready
            assert not consumer.health().ready
            await own_broker.restart()
            await eventually(lambda: heard_all(speaker, listener))
            assert relay.health().ready, relay.health()
            assert consumer.health().ready, consumer.health()
