"""The notification service as a process of its own, to be killed at chosen moments."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notification.app import CODEC
from services.notification.domain.commands import RequestNotice
from services.notification.domain.events import About, Announcement, ToPerson
from services.notification.domain.evolve import Delivered
from services.notification.domain.matters import Resubmission
from services.notification.handlers import Notices
from shared.clock import utc_now
from shared.contracts.feedback import FEEDBACK_FIELD
from shared.crypto import Vault, open_keystore
from shared.embedded import BrokerProcess
from shared.eventlog import open_log
from shared.handling import Cause, Handling
from shared.ids import new_id
from tests.faults.notification.post_office import FEEDBACK, Answers
from tests.support.embedded import FreshDatabase
from tests.support.running_services import ISSUER, KEY, SECRET, keystore_url
from tests.support.serving import free_port, served

Moment = Literal["confirm", "contact", "content", "answered"]
"""When the process is killed: asked whether true, asked for the address, all bytes
received but not answered, answered."""


@dataclass
class Sender:
    """Starts the service, kills it, and sees what it sent."""

    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    kill_at: Moment | None = None
    deliveries: list[bytes] = field(default_factory=list)

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.notification", env=self.environment
        )

    def reached(self, moment: Moment) -> bool:
        """Kill the process if this is the moment; tell whether it was."""
        if self.kill_at != moment or self.process is None:
            return False
        self.kill_at = None
        os.kill(self.process.pid, signal.SIGKILL)
        return True

    async def ended(self) -> int:
        assert self.process is not None
        async with asyncio.timeout(60):
            return await self.process.wait()

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


class Server:
    """A mail server that keeps what it gets, and may kill the sender."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.sender.deliveries.append(envelope.content)
        if self.sender.reached("content"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        asyncio.get_running_loop().call_later(0.01, self.sender.reached, "answered")
        return "250 2.0.0 Kept"


class WatchedAnswers(Answers):
    """The other services; asking them may kill the sender."""

    def watch(self, sender: Sender) -> None:
        seen = self.asked

        class Asked(list[str]):
            def append(self, what: str) -> None:
                super().append(what)
                sender.reached("confirm" if what == "confirm" else "contact")

        self.asked = Asked(seen)


@dataclass
class Letters:
    """Orders letters in the log of the service, and looks at what became of them."""

    notices: Notices
    vault: Vault

    async def order(self) -> str:
        notice_id = str(new_id())
        text = FEEDBACK.to_text()
        feedback = await self.vault.seal("p-1", text, field=FEEDBACK_FIELD)
        announcement = Announcement(
            triggered_by=new_id(),
            owner="submission",
            stream="case-c1",
            recipient=ToPerson(person_id="p-1"),
            matter=Resubmission(closes_on=date(2026, 12, 14), feedback=feedback),
            told_at=utc_now(),
        )
        about = About(notice_id=notice_id, case_id="c1", template="outcome-cnm")
        command = RequestNotice(about=about, announcement=announcement, at=utc_now())
        await self.notices.request(command, Cause.by_clock("test", notice_id))
        return notice_id

    async def delivered(self, notice_id: str) -> int:
        """Return how many tries it took, once a hand-over is recorded."""
        async with asyncio.timeout(60):
            while True:
                state = await self.notices._fold(notice_id)
                if isinstance(state, Delivered):
                    return state.pending.tries
                await asyncio.sleep(0.05)


@asynccontextmanager
async def killable(
    database: FreshDatabase, broker: BrokerProcess, directory: Path
) -> AsyncIterator[tuple[Sender, Letters]]:
    """Have everything around the service ready; it is not started yet."""
    others, smtp, own = free_port(), free_port(), free_port()
    environment = os.environ | {  # noqa: TID251 - the environment of a child
        "DATABASE_URL": database.url_for("notification"),
        "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
        "KEYSTORE_URL": keystore_url(directory).get_secret_value(),
        "KEY_ENCRYPTION_KEY": KEY.get_secret_value(),
        "EVIDENCE_URL": f"file://{directory / 'evidence'}",
        "OIDC_ISSUER": ISSUER,
        "SERVICE_TOKEN_SECRET": SECRET.get_secret_value(),
        "KAFKA_IDEMPOTENT_PRODUCER": "false",
        "KAFKA_CREATE_TOPICS": "true",
        "FETCH_MAX_WAIT_MS": "10",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
        "MODERATION_URL": f"http://127.0.0.1:{others}/others",
        "SUBMISSION_URL": f"http://127.0.0.1:{others}/others",
        "MAIL_FIRST_RETRY_SECONDS": "0.1",
        "MAIL_POLL_SECONDS": "0.05",
        "WORK_DIRECTORY": str(directory / "work"),
        "LOG_LEVEL": "ERROR",
        "SERVE_PORT": str(own),
    }
    sender = Sender(environment)
    answers = WatchedAnswers()
    answers.watch(sender)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(served({"others": answers.app()}, others))
        server = await asyncio.get_running_loop().create_server(
            _protocol(sender), "127.0.0.1", smtp
        )
        stack.callback(server.close)
        stack.push_async_callback(sender.stop)
        log = await stack.enter_async_context(
            open_log(database.url_for("notification"))
        )
        keystore = await stack.enter_async_context(
            open_keystore(keystore_url(directory), KEY)
        )
        vault = Vault(keystore, utc_now)
        yield sender, Letters(Notices(Handling(log, CODEC)), vault)


def _protocol(sender: Sender) -> Callable[[], SMTP]:
    def make() -> SMTP:
        return SMTP(
            Server(sender), hostname="localhost", loop=asyncio.get_running_loop()
        )

    return make
