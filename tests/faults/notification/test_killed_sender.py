"""Kill -9 at any moment of sending: at least one hand-over, and identical bytes.

Source: domain.md section 5; architecture.md, "HTTP, time, drafts".
"""

from collections.abc import AsyncIterator
from email import message_from_bytes
from pathlib import Path

import pytest

from shared.embedded import BrokerProcess
from tests.faults.notification.killed_sender import (
    Letters,
    Moment,
    Sender,
    killable,
)
from tests.support.embedded import FreshDatabase

Killable = tuple[Sender, Letters]


@pytest.fixture
async def ready(
    migrated_database: FreshDatabase, tmp_path: Path
) -> AsyncIterator[Killable]:
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        async with killable(migrated_database, broker, tmp_path) as ready:
            yield ready
    finally:
        await broker.stop()


async def killed_and_restarted(ready: Killable, moment: Moment) -> list[bytes]:
    """Kill the sender at *moment*, start it again, return all deliveries."""
    sender, letters = ready
    sender.kill_at = moment
    notice_id = await letters.order()
    await sender.start()
    assert await sender.ended() == -9
    await sender.start()
    await letters.delivered(notice_id)
    return sender.deliveries


@pytest.mark.parametrize("moment", ["confirm", "contact", "content", "answered"])
async def test_is_survived_by_the_letter(ready: Killable, moment: Moment) -> None:
    deliveries = await killed_and_restarted(ready, moment)
    assert len(deliveries) >= 1
    assert len(set(deliveries)) == 1
    assert message_from_bytes(deliveries[0])["Message-ID"]


async def test_makes_a_difference(ready: Killable) -> None:
    """Control: undisturbed there is one delivery; a kill before the answer makes two.

    So the bytes compared above come from two processes, and one of them might have
    rendered anew.
    """
    sender, letters = ready
    await sender.start()
    notice_id = await letters.order()
    assert await letters.delivered(notice_id) == 1
    assert len(sender.deliveries) == 1
    await sender.stop()
    sender.deliveries.clear()
    assert len(await killed_and_restarted(ready, "content")) == 2
