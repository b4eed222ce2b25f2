"""The commands about parked lanes show what there is, and say what happens."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.database import open_pool
from shared.web.issuer import SignIn
from tests.integration.operations.parking import CONSUMER, park
from tests.support.running_services import Running, eventually
from tests.support.serving import free_port, served

_MAIN = "from services.cli import main; main()"
_WIDE = "200"


class Terminal:
    """Runs `attest` against the desk of a test."""

    def __init__(self, running: Running, port: int) -> None:
        sign_in = SignIn(person_id="olga", roles=("operations",))
        self._environment = {
            "PATH": os.defpath,
            "COLUMNS": _WIDE,
            "ATTEST_URL": f"http://127.0.0.1:{port}",
            "ATTEST_TOKEN": running.issuer.token(sign_in).access_token,
        }

    async def attest(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _MAIN, *words),
            env=self._environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    async def lanes(self) -> list[dict[str, Any]]:
        written = await self.attest("parked", "list", "--format", "json")
        return [json.loads(line) for line in written.splitlines()]


@pytest.fixture
async def terminal(running: Running) -> AsyncIterator[Terminal]:
    port = free_port()
    async with served(running.apps, port):
        yield Terminal(running, port)


@asynccontextmanager
async def parked_twice(running: Running) -> AsyncIterator[str]:
    async with open_pool(running.database.url_for("operations")) as pool:
        yield await park(pool, "c-1", 1, 2)


class TestParkedList:
    async def test_shows_every_column_of_a_lane(
        self, running: Running, terminal: Terminal
    ) -> None:
        async with parked_twice(running) as lane_id:
            table = await terminal.attest("parked", "list")
        heading, line = (row for row in table.splitlines() if "c" in row)
        assert "parked at" in heading
        for value in (lane_id, CONSUMER, "c-1", "parked", "2", "unreadable_headers"):
            assert value in line

    async def test_gives_objects_to_programs(
        self, running: Running, terminal: Terminal
    ) -> None:
        async with parked_twice(running) as lane_id:
            (lane,) = await terminal.lanes()
        assert (lane["lane_id"], lane["waiting"]) == (lane_id, 2)


class TestParkedDiscard:
    async def test_says_that_the_rest_waits_for_a_release(
        self, running: Running, terminal: Terminal
    ) -> None:
        async with parked_twice(running) as lane_id:
            said = await terminal.attest(
                "parked", "discard", lane_id, "--reason", "It was a mistake."
            )
            assert f"attest parked release {lane_id}" in said

            async def one_waits() -> bool:
                (lane,) = await terminal.lanes()
                return (lane["waiting"], lane["status"]) == (1, "parked")

            await eventually(one_waits)
            await terminal.attest(
                "parked", "release", lane_id, "--reason", "It is mended."
            )

            async def released() -> bool:
                (lane,) = await terminal.lanes()
                return bool(lane["status"] == "released")

            await eventually(released)
