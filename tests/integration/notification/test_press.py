"""The press renders elsewhere, and survives what happens to its workers."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import psutil
import pytest

from services.notification.letters import (
    Correspondent,
    LetterPress,
    MalformedAddressError,
    PressBrokenError,
    RenderedLetter,
)
from tests.unit.notification.letters.examples import (
    LETTER,
    MESSAGE_ID,
    RECIPIENT,
    SENDER,
    SENT_AT,
    rendered,
)

PATIENCE_SECONDS = 30.0
A_PARENT = """
import asyncio
from services.notification.letters import LetterPress
from tests.integration.notification.test_press import rendered_by

async def main():
    press = LetterPress()
    await rendered_by(press)
    print("ready", flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def rendered_by(
    press: LetterPress, recipient: Correspondent = RECIPIENT
) -> RenderedLetter:
    return await press.render(
        LETTER,
        message_id=MESSAGE_ID,
        sent_at=SENT_AT,
        sender=SENDER,
        recipient=recipient,
    )


def workers_of(pid: int) -> list[psutil.Process]:
    """The processes that render, without the one that tracks their semaphores."""
    children = psutil.Process(pid).children(recursive=True)
    return [each for each in children if "spawn_main" in " ".join(each.cmdline())]


def own_workers(others: frozenset[psutil.Process]) -> list[psutil.Process]:
    return [each for each in workers_of(os.getpid()) if each not in others]


@pytest.fixture
def others() -> frozenset[psutil.Process]:
    """Who rendered before this test began, and is not of this press."""
    return frozenset(workers_of(os.getpid()))


@pytest.fixture
async def press() -> AsyncIterator[LetterPress]:
    async with LetterPress() as press:
        yield press


class TestLetterPress:
    @pytest.mark.usefixtures("press")
    async def test_starts_nothing_before_the_first_letter(
        self, others: frozenset[psutil.Process]
    ) -> None:
        assert own_workers(others) == []

    async def test_renders_the_same_bytes_as_this_process(
        self, press: LetterPress, others: frozenset[psutil.Process]
    ) -> None:
        assert await rendered_by(press) == rendered()
        assert len(own_workers(others)) == 1

    async def test_raises_what_rendering_raises(self, press: LetterPress) -> None:
        with pytest.raises(MalformedAddressError):
            await rendered_by(press, Correspondent("Eve", "nobody"))

    async def test_renders_on_after_a_worker_was_killed(
        self, press: LetterPress, others: frozenset[psutil.Process]
    ) -> None:
        await rendered_by(press)
        (worker,) = own_workers(others)
        worker.send_signal(signal.SIGKILL)
        letters = await asyncio.gather(*(rendered_by(press) for _ in range(3)))
        assert letters == [rendered()] * 3
        assert worker not in workers_of(os.getpid())

    async def test_gives_up_when_workers_keep_dying(
        self, press: LetterPress, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "services.notification.letters.press.render_letter", _die_at_once
        )
        with pytest.raises(PressBrokenError):
            await rendered_by(press)

    async def test_ends_its_workers_when_closed(
        self, others: frozenset[psutil.Process]
    ) -> None:
        async with LetterPress() as press:
            await rendered_by(press)
            (worker,) = own_workers(others)
        worker.wait(PATIENCE_SECONDS)
        assert not worker.is_running()

    def test_leaves_no_worker_when_its_process_is_killed(self) -> None:
        command = [sys.executable, "-c", A_PARENT]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
            try:
                assert parent.stdout is not None
                assert parent.stdout.readline() == b"ready\n"
                (worker,) = workers_of(parent.pid)
            finally:
                parent.kill()
        worker.wait(PATIENCE_SECONDS)
        assert not worker.is_running()


def _die_at_once(*_args: object, **_values: object) -> None:
    os._exit(9)
