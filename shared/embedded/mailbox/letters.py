"""Letters: what a reader sees of a delivered message.

Invariant: whatever bytes came, parsing answers. A header or character set that nobody
understands is shown as it is; nothing in a letter can make the mailbox unreadable.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from shared.embedded.mailbox.deliveries import Delivery
from shared.embedded.mailbox.links import Link, links_in
from shared.embedded.mailbox.mime import Attachment, decoded, header, sorted_parts

_ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class LetterSummary:
    """One line of the list: a letter, however often it was delivered."""

    letter_id: str
    number: int
    """Number of its first delivery; letters are ordered by it."""
    subject: str
    sender: str
    recipients: tuple[str, ...]
    """From the envelope of the first delivery."""
    received_at: datetime
    deliveries: int
    identical: bool
    """Whether every delivery said the same (`meaning_of`)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as parsed from its first delivery."""

    summary: LetterSummary
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    links: tuple[Link, ...]
    attachments: tuple[Attachment, ...]


def _head_of(delivery: Delivery) -> Message:
    """Return the headers alone: reading the files inside takes much longer."""
    head, _, _ = delivery.content.partition(b"\r\n\r\n")
    return BytesHeaderParser().parsebytes(head)


def _id_in(head: Message, number: int) -> str:
    """Return the id: equal for equal Message-IDs, 32 hex digits.

    A message without one is a letter of its own.
    """
    message_id = header(head, "Message-ID").strip()
    name = f"message {message_id}" if message_id else f"delivery {number}"
    return hashlib.sha256(name.encode()).hexdigest()[:_ID_LENGTH]


def summarise(delivery: Delivery) -> LetterSummary:
    """Return the line of the list for a letter delivered once."""
    head = _head_of(delivery)
    return LetterSummary(
        letter_id=_id_in(head, delivery.number),
        number=delivery.number,
        subject=header(head, "Subject") or "(no subject)",
        sender=header(head, "From") or delivery.sender,
        recipients=delivery.recipients,
        received_at=delivery.received_at,
        deliveries=1,
        identical=True,
    )


def parse(delivery: Delivery, summary: LetterSummary) -> Letter:
    """Return the letter in *delivery*, its bodies decoded and its files extracted."""
    message = message_from_bytes(delivery.content)
    parts = sorted_parts(message)
    return Letter(
        summary=summary,
        headers=tuple((name, decoded(value)) for name, value in message.items()),
        text=parts.text,
        html=parts.html,
        links=links_in(parts.html or "", parts.text or ""),
        attachments=parts.attachments,
    )


def meaning_of(delivery: Delivery) -> bytes:
    """Return a digest of all that the addressee reads.

    Subject, sender, addressees, bodies and files count; dates and the boundaries
    between parts do not, which senders make anew for each attempt.
    """
    message = message_from_bytes(delivery.content)
    parts = sorted_parts(message)
    read = [header(message, name) for name in ("Subject", "From", "To", "Cc")]
    read += [*delivery.recipients, repr(parts.text), repr(parts.html)]
    pieces = [piece.encode(errors="replace") for piece in read]
    for file in parts.attachments:
        pieces += [file.name.encode(errors="replace"), file.content]
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.digest()
