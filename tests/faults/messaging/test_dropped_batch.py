"""A library drops records after moving its position past them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.messaging.consuming.course import Course
from shared.messaging.consuming.settling import Settling
from tests.support.messaging import (
    LISTENER,
    SPEAKER,
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

KEYS = [f"p{number}" for number in range(6)]


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The first batch, which never reaches the consumer."""
    batches: list[Any] = []
    settle = Settling.__call__

    async def drop_the_first(self: Settling, records: Sequence[Any]) -> None:
        if batches:
            await settle(self, records)
        else:
            batches.append(records)

    monkeypatch.setattr(Settling, "__call__", drop_the_first)
    return batches


async def was_dropped(dropped: list[Any]) -> bool:
    return bool(dropped)


class TestDroppedBatch:
    async def test_comes_again_even_when_nothing_follows_it(
        self,
        speaker: Speaker,
        listener: Listener,
        kafka_bootstrap: str,
        dropped: list[Any],
    ) -> None:
        await speaker.say_all(KEYS, [0])
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await eventually(lambda: heard_all(speaker, listener))
            await assert_sound(speaker, listener)
        assert dropped

    async def test_control_without_looking_it_is_missing(
        self,
        speaker: Speaker,
        listener: Listener,
        kafka_bootstrap: str,
        dropped: list[Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        async def never(_: Course, __: object) -> bool:
            return False

        monkeypatch.setattr(Course, "read_again", never)
        await speaker.say_all(KEYS, [0])
        async with running(
            speaking(speaker.service, settings_for(SPEAKER, kafka_bootstrap)),
            listening(listener, settings_for(LISTENER, kafka_bootstrap)),
        ):
            await eventually(lambda: was_dropped(dropped))
            await asyncio.sleep(10)
            assert not await heard_all(speaker, listener)
        assert dropped
