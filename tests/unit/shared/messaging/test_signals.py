"""Who is woken without the database, and who through it."""

from typing import cast

import pytest

from shared.database import Pool
from shared.messaging.signals import Here, Signals, here, published_signal

SAID = published_signal("submission.Said.v1")


@pytest.fixture
async def signals() -> Signals:
    """Of a service of this process."""
    waiting = Signals(cast("Pool", None))
    here().add(waiting)
    return waiting


def hear(signals: Signals, payload: str) -> None:
    """Notify as the database would."""
    signals._heard(None, 0, "messaging", payload)


class TestHere:
    async def test_wakes_without_the_database(self, signals: Signals) -> None:
        said = signals.subscribed(SAID)
        here().wake([SAID])
        assert said.is_set()

    async def test_does_not_wake_twice(self, signals: Signals) -> None:
        said = signals.subscribed(SAID)
        hear(signals, here().for_others(SAID))
        assert not said.is_set()

    async def test_wakes_for_what_another_process_told(self, signals: Signals) -> None:
        said = signals.subscribed(SAID)
        hear(signals, Here().for_others(SAID))
        assert said.is_set()

    async def test_wakes_for_what_nobody_told_before(self, signals: Signals) -> None:
        said = signals.subscribed(SAID)
        hear(signals, SAID)
        assert said.is_set()
