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


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the bodies of a message."""

    message_id: str
    sent_at: datetime
    sender: Correspondent
    recipient: Correspondent
    subject: str


def message_bytes(
    heading: Heading, *, text: str, html: str, pdf: bytes, pdf_name: str
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
    return head + _parts(heading.message_id, text, html, (pdf_name, pdf))


def _parts(message_id: str, text: str, html: str, file: tuple[str, bytes]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(_boundary(message_id, "bodies"))
    name, pdf = file
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    message.set_boundary(_boundary(message_id, "parts"))
    return message.as_bytes()


def _boundary(message_id: str, part: str) -> str:
    """Return a line that no part contains.

    Source: RFC 2045 6.7: ``=_`` occurs neither in quoted-printable nor in base64.
    """
    digest = hashlib.sha256(f"{part} {message_id}".encode()).hexdigest()
    return f"=_{digest[:40]}"
