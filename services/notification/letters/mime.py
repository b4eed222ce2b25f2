r"""The message: headers, two bodies and the PDF, as bytes that never differ.

Invariant: the bytes are 7-bit and every line ends with ``\r\n``, so any mail server can
take them unchanged. (Only an address with a name beyond ASCII makes its header UTF-8.)
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from services.notification.letters.addresses import Correspondent, postal_address
from services.notification.letters.letter import LONDON
from shared.errors import BadInputError

_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+=-]{1,64}@[A-Za-z0-9.-]{1,255}>")


class MalformedMessageIdError(BadInputError):
    """The Message-ID is not of the form <name@domain>."""


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
    if not _MESSAGE_ID.fullmatch(heading.message_id):
        raise MalformedMessageIdError
    message = _headed(heading)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(_boundary(heading.message_id, "bodies"))
    message.add_attachment(
        pdf, maintype="application", subtype="pdf", filename=pdf_name
    )
    message.set_boundary(_boundary(heading.message_id, "parts"))
    message["Content-Language"] = "en-GB"  # last: it would move into the first part
    return message.as_bytes()


def _headed(heading: Heading) -> EmailMessage:
    sender, recipient = _header(heading.sender), _header(heading.recipient)
    is_ascii = sender.addr_spec.isascii() and recipient.addr_spec.isascii()
    message = EmailMessage(policy=SMTP if is_ascii else SMTPUTF8)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = heading.subject
    message["Date"] = heading.sent_at.astimezone(LONDON)
    message["Message-ID"] = heading.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834 5: no answering machines
    return message


def _header(correspondent: Correspondent) -> Address:
    name, domain = postal_address(correspondent.address)
    return Address(correspondent.display_name, name, domain)


def _boundary(message_id: str, part: str) -> str:
    """Return a line that no part contains.

    Source: RFC 2045 6.7: ``=_`` occurs neither in quoted-printable nor in base64.
    """
    digest = hashlib.sha256(f"{part} {message_id}".encode()).hexdigest()
    return f"=_{digest[:40]}"
