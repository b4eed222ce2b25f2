"""Before the first try: is it still true, to whom does it go, what does it say.

Invariant: the exact bytes are stored, encrypted, and recorded before a mail server sees
any of them.
"""

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from services.notification.clocks.addressing import Addressing, Reader
from services.notification.domain.backoff import Patience
from services.notification.domain.commands import (
    CancelNotice,
    HoldNotice,
    KeepRendering,
    RecordRefusal,
)
from services.notification.domain.events import HoldReason, Rendered, StoredLetter
from services.notification.domain.evolve import Pending
from services.notification.domain.matters import sealed_feedback, sealed_words
from services.notification.handlers import Notices
from services.notification.letters import (
    Correspondent,
    Letter,
    LetterPress,
    MalformedAddressError,
    RenderedLetter,
    message_id_of,
)
from shared.clock import Clock
from shared.contracts.feedback import FEEDBACK_FIELD, WORDS_FIELD, Feedback
from shared.crypto import Grant, Purpose, SubjectErasedError, Vault
from shared.errors import NotFoundError, ServiceError, UnavailableError
from shared.evidence import BlobStore
from shared.personal import Erased, Personal
from shared.web.calling import ServiceCaller
from shared.web.confirming import PATH, Confirmation, Course, StillTrue

ADDRESS_FIELD = "contact.letter_address"
GRANT = Grant(role="service", purpose=Purpose.SEND_LETTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A letter that can be handed over."""

    rendered: Rendered
    content: bytes | None = field(default=None, repr=False)
    """The bytes that were stored a moment ago; None: read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """Brings a letter to the point where it can be handed over."""

    notices: Notices
    call: ServiceCaller
    addressing: Addressing
    vault: Vault
    blobs: BlobStore
    press: LetterPress
    sender: Correspondent
    patience: Patience
    clock: Clock

    async def confirmed(self, state: Pending) -> Confirmation | None:
        """Return that the letter is still true, as its owner says.

        None when it is not, or nobody answers; that is recorded.
        """
        about, told = state.about, state.announcement
        asked = StillTrue(
            case_id=about.case_id, stream=told.stream, event_id=told.triggered_by
        ).model_dump(mode="json")
        try:
            answer = await self.call.post(told.owner, PATH, asked)
            still = Confirmation.model_validate(answer)
        except (UnavailableError, ValidationError):
            await self.hold(state, "owner-unreachable")
            return None
        except NotFoundError:
            still = Confirmation(is_true=False)
        if still.is_true:
            return still
        cancel = CancelNotice(reason="no-longer-true", at=self.clock())
        await self.notices.by_clock(about.notice_id, cancel)
        return None

    async def rendered(self, state: Pending, still: Confirmation) -> Ready | None:
        """Return the recorded bytes, made now if this is the first try.

        None when there can be none now or ever; why is recorded.
        """
        if state.rendered is not None:
            return Ready(rendered=state.rendered)
        reader = await self._reader(state, still.course)
        if reader is None:
            return None
        try:
            return await self._made(state, reader)
        except UnavailableError:
            await self.hold(state, "part-unavailable")
        except SubjectErasedError:
            await self.erased(state)
        except MalformedAddressError:
            await self._unusable(state, "no-contact")
        except ServiceError:
            await self._unusable(state, "unreadable")
        return None

    async def erased(self, state: Pending) -> None:
        """Record that the recipient's data is gone, and with it the letter."""
        cancel = CancelNotice(reason="recipient-erased", at=self.clock())
        await self.notices.by_clock(state.about.notice_id, cancel)

    async def _reader(self, state: Pending, course: Course | None) -> Reader | None:
        about, told = state.about, state.announcement
        try:
            return await self.addressing.reader_of(about, told, course)
        except UnavailableError:
            await self.hold(state, "contact-unreachable")
        except (NotFoundError, ValidationError):
            await self._unusable(state, "no-contact")
        return None

    async def _made(self, state: Pending, reader: Reader) -> Ready | None:
        matter = state.announcement.matter
        feedback = await self._opened(sealed_feedback(matter), FEEDBACK_FIELD)
        words = await self._opened(sealed_words(matter), WORDS_FIELD)
        if isinstance(feedback, Erased) or isinstance(words, Erased):
            await self.erased(state)
            return None
        now = self.clock()
        told = Feedback.from_text(feedback) if feedback else None
        letter = await self._pressed(state, reader, (told, words), now)
        stored = await self.blobs.put(reader.subject, letter.content)
        address = await self.vault.seal(
            reader.subject, reader.email, field=ADDRESS_FIELD
        )
        keep = KeepRendering(
            template_version=letter.template_version,
            template_sha256=letter.template_sha256,
            message_id=letter.message_id,
            letter=StoredLetter.model_validate(stored.model_dump()),
            address=address,
            at=now,
        )
        await self.notices.by_clock(state.about.notice_id, keep)
        after = await self.notices.pending(state.about.notice_id)
        if after is None or after.rendered is None:
            return None
        is_this = after.rendered.letter == keep.letter
        return Ready(
            rendered=after.rendered, content=letter.content if is_this else None
        )

    async def _pressed(
        self,
        state: Pending,
        reader: Reader,
        opened: tuple[Feedback | None, str | None],
        now: datetime,
    ) -> RenderedLetter:
        about, told = state.about, state.announcement
        feedback, words = opened
        domain = self.sender.address.rpartition("@")[2]
        return await self.press.render(
            Letter(
                template=about.template,
                case_id=about.case_id,
                matter=told.matter,
                told_at=told.told_at,
                programme=reader.programme,
                programme_version=reader.programme_version,
                policy_version=reader.policy_version,
                cohort_id=reader.cohort_id,
                feedback=feedback,
                words=words,
                link=reader.link,
                participant=reader.participant,
            ),
            message_id=message_id_of(about.notice_id, domain),
            sent_at=now,
            sender=self.sender,
            recipient=Correspondent(name=reader.name, address=reader.email),
        )

    async def _opened(
        self, envelope: Personal[str] | None, field: str
    ) -> str | Erased | None:
        """Return sealed words in clear; None where the letter has none."""
        if envelope is None:
            return None
        return await self.vault.open(envelope, str, field=field, grant=GRANT)

    async def hold(self, state: Pending, reason: HoldReason) -> None:
        """Record that an answer or a part is missing; there will be another try."""
        hold = HoldNotice(reason=reason, patience=self.patience, at=self.clock())
        await self.notices.by_clock(state.about.notice_id, hold)

    async def _unusable(self, state: Pending, reason: str) -> None:
        """Record that the letter cannot be sent until somebody corrects something."""
        refusal = RecordRefusal(
            reason=reason, is_permanent=True, patience=self.patience, at=self.clock()
        )
        await self.notices.by_clock(state.about.notice_id, refusal)
