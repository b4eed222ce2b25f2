r"""The message: headers, two bodies and the PDF, as bytes that never differ.

Invariant: the bytes are 7-bit and every line ends with ``\r\n``, so any mail server can
take them unchanged. (Only an address with a name beyond ASCII makes its header UTF-8.)
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from services.notification.letters.addresses import Correspondent
from services.notification.letters.headers import (
    address_field,
    date_field,
    message_id_field,
    text_field,
)

_CALENDAR = {"method": "REQUEST", "charset": "utf-8"}
"""What tells mail programs to show an entry to add. Source: RFC 6047, 2.4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the bodies of a message."""

    message_id: str
    sent_at: datetime
    sender: Correspondent
    recipient: Correspondent
    subject: str


@dataclass(frozen=True, slots=True)
class File:
    """Something that comes with a message."""

    name: str
    media_type: str
    content: bytes


def message_bytes(
    heading: Heading, *, text: str, html: str, files: tuple[File, ...]
) -> bytes:
    """Return the message.

    Raises:
        MalformedAddressError, MalformedMessageIdError: they cannot be a header.
    """
    fields = (
        address_field("From", heading.sender),
        address_field("To", heading.recipient),
        text_field("Subject", heading.subject),
        date_field("Date", heading.sent_at),
        message_id_field(heading.message_id),
        "Auto-Submitted: auto-generated",  # RFC 3834 5: no answering machines
        "Content-Language: en-GB",
    )
    head = "".join(f"{field}\r\n" for field in fields).encode()
    return head + _parts(heading.message_id, text, html, files)


def _parts(message_id: str, text: str, html: str, files: tuple[File, ...]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(_boundary(message_id, "bodies"))
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(
            file.content,
            maintype=kind,
            subtype=subtype,
            filename=file.name,
            params=_CALENDAR if file.media_type == "text/calendar" else None,
        )
    if files:
        message.set_boundary(_boundary(message_id, "parts"))
    return message.as_bytes()


def _boundary(message_id: str, part: str) -> str:
    """Return a line that no part contains.

    Source: RFC 2045 6.7: ``=_`` occurs neither in quoted-printable nor in base64.
    """
    digest = hashlib.sha256(f"{part} {message_id}".encode()).hexdigest()
    return f"=_{digest[:40]}"
