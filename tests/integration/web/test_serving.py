"""A service in a process of its own: how it ends."""

import asyncio
import base64
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.support.running_services import eventually
from tests.support.serving import free_port

SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "KEYSTORE_URL": "sqlite:////nowhere",
    "KEY_ENCRYPTION_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
    "EVIDENCE_URL": "file:///nowhere",
    "OIDC_ISSUER": "http://127.0.0.1:1",
    "SERVICE_TOKEN_SECRET": "s" * 32,
}


@asynccontextmanager
async def served(port: int) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.web.small_service"),
        env={**SETTINGS, "SERVE_PORT": str(port), "PATH": os.defpath},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def alive(port: int) -> bool:
    async with httpx.AsyncClient() as http:
        try:
            return (await http.get(f"http://127.0.0.1:{port}/livez")).is_success
        except httpx.TransportError:
            return False


class TestRunAlone:
    @pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
    async def test_ends_without_a_word_when_it_is_told_to_stop(
        self, told: signal.Signals
    ) -> None:
        port = free_port()
        async with served(port) as process:
            await eventually(lambda: alive(port))
            process.send_signal(told)
            out, err = await asyncio.wait_for(process.communicate(), 10)
        assert (out, err) == (b"stopped\n", b"")
        assert process.returncode in {0, -signal.SIGTERM}
