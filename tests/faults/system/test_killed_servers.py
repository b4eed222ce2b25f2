"""PostgreSQL or the broker ends by ``kill -9`` while a cohort is played.

The broker keeps everything in memory, so it comes back empty: its topics, its offsets
and its groups are gone, and the relays publish again.
"""

from pathlib import Path

import psutil
import pytest

from tests.faults.system.playing import (
    Moments,
    behind_gateway,
    failed,
    play_through,
)
from tests.support.processes import AttestUp

MOMENTS = (
    r"POST /submission/portfolios",
    r"POST /review/reviews/.+/criteria/.+",
    r"POST /moderation/cases/.+/judgement",
    r"POST /moderation/cohorts/.+/release",
)


class ServerKiller:
    """Kills a server that attest runs, with all its processes; remembers which."""

    def __init__(self, up: AttestUp, program: str) -> None:
        self._up = up
        self._program = program
        self.killed: set[int] = set()

    async def __call__(self) -> None:
        for child in psutil.Process(self._up.child.pid).children():
            if child.name() == self._program:
                self.killed.add(child.pid)
                for process in (child, *child.children(recursive=True)):
                    process.kill()


class TestKilledServer:
    @pytest.mark.timeout(240)
    @pytest.mark.parametrize("program", ["postgres", "tansu"])
    async def test_comes_back_and_nothing_is_lost_or_done_twice(
        self, tmp_path: Path, program: str
    ) -> None:
        async with AttestUp(tmp_path) as up:
            kill = ServerKiller(up, program)
            moments = Moments(MOMENTS, kill)
            async with behind_gateway(up, moments) as (url, _):
                findings = await play_through(url)
            assert len(kill.killed) == len(MOMENTS), "the control: each was another"
            assert up.child.running
        assert failed(findings) == []
