"""The mailbox: takes letters by SMTP, keeps them, and lets them be read.

Every delivery is kept; readers see one letter per Message-ID and how often it came.

Invariant: the list always equals a fold over the kept deliveries, so it is the same
after a restart.
"""

import asyncio
from dataclasses import replace
from itertools import islice
from pathlib import Path

import structlog

from shared.clock import Clock, utc_now
from shared.embedded.lock import DirectoryLock
from shared.embedded.mailbox.deliveries import Delivery, DeliveryStore
from shared.embedded.mailbox.letters import (
    Letter,
    LetterSummary,
    meaning_of,
    parse,
    summarise,
)
from shared.embedded.mailbox.smtp import Faults, SmtpServer
from shared.embedded.ports import LOCALHOST, fresh_port, remembered_port
from shared.errors import NotFoundError, UnavailableError

_log = structlog.get_logger(__name__)

PAGE_SIZE = 50


class MailboxNotRunningError(UnavailableError):
    """The mailbox is not running: start it first."""


class LetterNotFoundError(NotFoundError):
    """There is no such letter in the mailbox."""


class Mailbox:
    """The mailbox whose deliveries and remembered port are in *directory* (its own).

    It listens on 127.0.0.1 and a port of its own choice, unless *address* says where.
    """

    def __init__(
        self,
        directory: Path,
        *,
        now: Clock = utc_now,
        address: tuple[str, int] | None = None,
    ) -> None:
        self.directory = directory.absolute()
        self._address = address
        self.faults = Faults()
        self._now = now
        self._store = DeliveryStore(self.directory / "deliveries")
        self._lock = DirectoryLock(self.directory)
        self._server = SmtpServer(self._keep, self.faults)
        self._one_at_a_time = asyncio.Lock()
        self._letters: dict[str, LetterSummary] = {}
        self._port: int | None = None

    @property
    def port(self) -> int:
        """The TCP port; stays the same after `stop`.

        Raises:
            MailboxNotRunningError: it was never started.
        """
        if self._port is None:
            raise MailboxNotRunningError
        return self._port

    @property
    def smtp_url(self) -> str:
        """Where to send: ``smtp://127.0.0.1:port``, no sign-in, no encryption."""
        return f"smtp://{LOCALHOST}:{self.port}"

    async def start(self) -> None:
        """Read what is kept and take letters from now on.

        Raises:
            DirectoryInUseError: another mailbox works in this directory.
            DeliveryUnreadableError: a kept delivery is damaged.
        """
        if self._lock.held:
            return
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            await asyncio.to_thread(self._load)
            self._port = await self._listen(self.directory / "port")
        except BaseException:
            self._lock.release()
            raise
        _log.info("mailbox.started", port=self._port, letters=len(self._letters))

    async def stop(self) -> None:
        """Take no more letters; what is kept can still be read."""
        await self._server.stop()
        self._lock.release()

    def letters(
        self,
        *,
        limit: int = PAGE_SIZE,
        before: int | None = None,
        to: str | None = None,
    ) -> list[LetterSummary]:
        """Return letters, newest first: at most *limit*, older than number *before*.

        *to* is a recipient's address; without it everybody's are returned.
        """
        newest_first = reversed(self._letters.values())
        older = (x for x in newest_first if before is None or x.number < before)
        theirs = (x for x in older if to is None or to in x.recipients)
        return list(islice(theirs, limit))

    @property
    def count(self) -> int:
        """How many letters there are, each Message-ID counted once."""
        return len(self._letters)

    async def letter(self, letter_id: str) -> Letter:
        """Return the letter with its bodies and attachments.

        Raises:
            LetterNotFoundError: there is none with this id.
        """
        summary = self._summary(letter_id)
        delivery = await asyncio.to_thread(self._store.read, summary.number)
        return await asyncio.to_thread(parse, delivery, summary)

    async def source(self, letter_id: str) -> bytes:
        """Return the bytes of the first delivery of the letter, as they came.

        Raises:
            LetterNotFoundError: there is none with this id.
        """
        summary = self._summary(letter_id)
        return (await asyncio.to_thread(self._store.read, summary.number)).content

    async def _listen(self, memory: Path) -> int:
        if self._address is not None:
            host, port = self._address
            await self._server.start(host, port)
            return port
        port = remembered_port(memory)
        try:
            await self._server.start(LOCALHOST, port)
        except OSError:
            # Somebody took it between our look and our bind.
            port = fresh_port(memory)
            await self._server.start(LOCALHOST, port)
        return port

    def _summary(self, letter_id: str) -> LetterSummary:
        try:
            return self._letters[letter_id]
        except KeyError:
            raise LetterNotFoundError from None

    async def _keep(
        self, sender: str, recipients: tuple[str, ...], content: bytes
    ) -> None:
        async with self._one_at_a_time:
            delivery = Delivery(
                number=self._store.next_number(),
                received_at=self._now(),
                sender=sender,
                recipients=recipients,
                content=content,
            )
            await asyncio.to_thread(self._store.add, delivery)
            self._show(delivery)
        _log.info("letter.kept", number=delivery.number, size_bytes=len(content))

    def _load(self) -> None:
        self._store.open()
        self._letters.clear()
        for delivery in self._store.all():
            self._show(delivery)

    def _show(self, delivery: Delivery) -> None:
        """Fold one delivery into the list."""
        new = summarise(delivery)
        known = self._letters.setdefault(new.letter_id, new)
        if known is new:
            return
        first = self._store.read(known.number)
        self._letters[new.letter_id] = replace(
            known,
            deliveries=known.deliveries + 1,
            identical=known.identical and meaning_of(delivery) == meaning_of(first),
        )
