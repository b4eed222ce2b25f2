"""Every service in a process of its own, as an operator runs them, on this machine.

``attest migrate`` makes the schema, ``attest serve NAME`` runs each service and
``attest stand-ins`` the issuer and the mailbox; database and broker are the embedded
ones. Instead of an ingress the client itself knows where each service listens.

Invariant: when the context ends, so has everything it started.
"""

import asyncio
import base64
import contextlib
import json
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.started import NotStartedError
from services.cli.client import SERVICES
from services.cli.together import role_url
from shared.embedded import Embedded, run_embedded
from shared.embedded.child import ChildProcess, Program, log_tail
from shared.embedded.ports import LOCALHOST, fresh_port

STAND_INS = "stand-ins"
START_SECONDS = 180.0
GRACE_SECONDS = 20.0
POLL_SECONDS = 0.1
FETCH_MS = 10
"""How long the embedded broker lets a fetch wait, and so a message; idle time costs."""
SENDERS = 8
"""Letters on their way at the same time, as for a cohort that is told on one day."""
_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Separate:
    """What runs: where each part listens, and its process."""

    targets: Mapping[str, str]
    """Address by the first part of a path."""
    pids: Mapping[str, int]
    """Process by part: each service, and ``stand-ins``."""

    def transport(self) -> httpx.BaseTransport:
        """Return what sends a request to the service that its path names."""
        return _Routing(self)

    def routed(self, url: httpx.URL) -> httpx.URL:
        """Return where *url*, ``/name/...``, is answered."""
        _, name, rest = url.raw_path.split(b"/", 2)
        base = httpx.URL(self.targets[name.decode()])
        return base.copy_with(raw_path=base.raw_path.rstrip(b"/") + b"/" + rest)


class _Routing(httpx.BaseTransport):
    def __init__(self, separate: Separate) -> None:
        self._separate = separate
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = self._separate.routed(request.url)
        return self._network.handle_request(request)

    def close(self) -> None:
        self._network.close()


@contextmanager
def separately(directory: Path) -> Iterator[Separate]:
    """Run everything on *directory*; yield when all services are ready.

    Call this from the main thread: what is started ends with the thread that did it.

    Raises:
        NotStartedError: one did not become ready; the message has its log.
    """
    with asyncio.Runner() as runner:
        running = _separately(directory)
        try:
            yield runner.run(running.__aenter__())
        finally:
            runner.run(running.__aexit__(None, None, None))


@asynccontextmanager
async def _separately(directory: Path) -> AsyncIterator[Separate]:
    async with AsyncExitStack() as stack:
        embedded = await stack.enter_async_context(
            run_embedded(directory / "parts", mailbox=False)
        )
        ports = {
            name: fresh_port(directory / f"{name}.port")
            for name in (*SERVICES, STAND_INS, "smtp")
        }
        targets = {name: f"http://{LOCALHOST}:{ports[name]}" for name in ports}
        targets["dev"] = f"{targets[STAND_INS]}/dev"
        (directory / STAND_INS).mkdir()
        passwords = {name: secrets.token_urlsafe(24) for name in SERVICES}
        await _migrate(directory, embedded, passwords)
        common = {
            **_settings(embedded, directory, targets),
            "STAND_INS_SMTP_PORT": str(ports["smtp"]),
        }
        children: dict[str, ChildProcess] = {}
        stack.push_async_callback(_end_all, children)
        for name in (STAND_INS, *SERVICES):
            own = {"SERVE_PORT": str(ports[name])}
            if name in SERVICES:
                url = role_url(embedded.database_url, name, passwords[name])
                own["DATABASE_URL"] = url
            what = (name,) if name == STAND_INS else ("serve", name)
            children[name] = _attest(what, directory, {**common, **own})
        for name, child in children.items():
            await _until_ready(f"{targets[name]}/readyz", child)
        yield Separate(
            targets=targets, pids={name: child.pid for name, child in children.items()}
        )


async def _migrate(
    directory: Path, embedded: Embedded, passwords: Mapping[str, str]
) -> None:
    environment = {
        "DATABASE_URL": embedded.database_url,
        "ROLE_PASSWORDS": json.dumps(dict(passwords)),
    }
    child = _attest(("migrate", "--demonstration"), directory, environment)
    if await child.wait() != 0:
        raise NotStartedError(str(child.ended()))


def _settings(
    embedded: Embedded, directory: Path, targets: Mapping[str, str]
) -> dict[str, str]:
    smtp = targets["smtp"].removeprefix("http://")
    return {
        "KAFKA_BOOTSTRAP_SERVERS": embedded.kafka_bootstrap_servers,
        "KAFKA_CREATE_TOPICS": "true",
        # What the embedded broker needs; the defaults are for a real one.
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_SESSION_TIMEOUT_MS": "6000",
        "FETCH_MAX_WAIT_MS": str(FETCH_MS),
        "KAFKA_HOLDS_FETCHES": "false",
        "KEYSTORE_URL": f"sqlite:///{directory / 'keys.sqlite3'}",
        "KEY_ENCRYPTION_KEY": _secret(),
        "EVIDENCE_URL": f"file://{directory / 'evidence'}",
        "OIDC_ISSUER": targets["dev"],
        "SMTP_URL": f"smtp://{smtp}",
        "MAIL_SENDERS": str(SENDERS),
        "STAND_INS_DIRECTORY": str(directory / STAND_INS),
        "SERVICE_TOKEN_SECRET": _secret(),
        "WORK_DIRECTORY": str(directory / "work"),
        "LOG_LEVEL": "WARNING",
        **{f"{name.upper()}_URL": targets[name] for name in SERVICES},
    }


def _secret() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _attest(
    arguments: Sequence[str], directory: Path, environment: Mapping[str, str]
) -> ChildProcess:
    name = "-".join(arguments)
    child = ChildProcess(
        Program(
            name=f"attest {name}",
            command=(str(Path(sys.executable).with_name("attest")), *arguments),
            log=directory / f"{name}.log",
            environment={"PATH": _PATH, **environment},
        )
    )
    child.start()
    return child


async def _until_ready(url: str, child: ChildProcess) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient() as http:
        while child.running and time.monotonic() < give_up_at:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get(url)).is_success:
                    return
            await asyncio.sleep(POLL_SECONDS)
    raise NotStartedError(f"{url}: {log_tail(child.program.log)}")


async def _end_all(children: Mapping[str, ChildProcess]) -> None:
    ends = (
        child.stop(signal.SIGTERM, grace_seconds=GRACE_SECONDS)
        for child in children.values()
    )
    await asyncio.gather(*ends)
