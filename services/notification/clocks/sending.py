"""One try of one letter: the same bytes every time, and what came of it as a fact.

Whatever happens between the steps, the next try goes on from the recorded facts: after
`Rendered` the bytes are fixed, and until `HandedOver` is recorded they are sent again -
by another process; this one records first what came of its own try.
"""

from dataclasses import dataclass, field

from services.notification.clocks.preparing import (
    ADDRESS_FIELD,
    GRANT,
    Preparing,
    Ready,
)
from services.notification.domain.commands import (
    NoticeCommand,
    RecordHandOver,
    RecordRefusal,
    RecordUncertainty,
)
from services.notification.domain.events import Rendered
from services.notification.domain.evolve import Pending
from services.notification.gateways import (
    Accepted,
    Delivery,
    MailGateway,
    MalformedContentError,
    Refused,
    Uncertain,
    Unreachable,
)
from services.notification.handlers import Notices
from services.notification.letters import MalformedAddressError
from shared.clock import Clock
from shared.errors import UnavailableError
from shared.evidence import BlobDamagedError, BlobMissingError
from shared.personal import Erased


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Tries letters."""

    notices: Notices
    preparing: Preparing
    gateway: MailGateway
    clock: Clock
    unrecorded: dict[str, tuple[int, NoticeCommand]] = field(default_factory=dict)
    """What came of a try, by letter, with the tries before: the log took it not yet."""

    async def send(self, notice_id: str) -> None:
        """Try the letter if it is due, still true and complete; record what came of it.

        Raises:
            UnavailableError: the log is away; the letter stays due.
        """
        state = await self.notices.pending(notice_id)
        left = self._left_over(notice_id, state)
        if state is None or state.next_try_at > self.clock():
            return
        if left is not None:
            await self._record(state, left)
            return
        still = await self.preparing.confirmed(state)
        if still is None:
            return
        ready = await self.preparing.rendered(state, still)
        if ready is not None:
            await self._hand_over(state, ready)

    def _left_over(self, notice_id: str, state: Pending | None) -> NoticeCommand | None:
        """Return what came of the last try, where it is not recorded yet."""
        tries, command = self.unrecorded.get(notice_id, (-1, None))
        if state is not None and state.tries == tries:
            return command
        self.unrecorded.pop(notice_id, None)
        return None

    async def _hand_over(self, state: Pending, ready: Ready) -> None:
        try:
            content = ready.content or await self._content(ready.rendered)
            address = await self.preparing.vault.open(
                ready.rendered.address, str, field=ADDRESS_FIELD, grant=GRANT
            )
        except UnavailableError:
            await self.preparing.hold(state, "part-unavailable")
            return
        if content is None:
            await self._record(state, self._refusal("bytes-missing", is_permanent=True))
            return
        if isinstance(content, Erased) or isinstance(address, Erased):
            await self.preparing.erased(state)
            return
        await self._record(state, await self._delivered(address, content))

    async def _delivered(self, address: str, content: bytes) -> NoticeCommand:
        sender = self.preparing.sender.address
        try:
            delivery = await self.gateway.send(
                recipient=address, sender=sender, content=content
            )
        except MalformedAddressError:
            return self._refusal("no-contact", is_permanent=True)
        except MalformedContentError:
            return self._refusal("unreadable", is_permanent=True)
        return self._told(delivery)

    async def _content(self, rendered: Rendered) -> bytes | Erased | None:
        letter = rendered.letter
        try:
            return await self.preparing.blobs.get(
                letter.path, content_hash=letter.content_hash
            )
        except (BlobMissingError, BlobDamagedError):
            return None

    def _told(self, delivery: Delivery) -> NoticeCommand:
        match delivery:
            case Accepted():
                return RecordHandOver(at=self.clock())
            case Uncertain():
                patience = self.preparing.patience
                return RecordUncertainty(patience=patience, at=self.clock())
            case Refused(reason=reason, is_permanent=is_permanent):
                return self._refusal(reason, is_permanent=is_permanent)
            case Unreachable(reason=reason):
                return self._refusal(reason, is_permanent=False)

    def _refusal(self, reason: str, *, is_permanent: bool) -> RecordRefusal:
        return RecordRefusal(
            reason=reason,
            is_permanent=is_permanent,
            patience=self.preparing.patience,
            at=self.clock(),
        )

    async def _record(self, state: Pending, command: NoticeCommand) -> None:
        notice_id = state.about.notice_id
        self.unrecorded[notice_id] = (state.tries, command)
        await self.notices.by_clock(notice_id, command)
        del self.unrecorded[notice_id]
