"""Letters: what a reader sees of a delivered message.

Invariant: whatever bytes came, parsing answers. A header or character set that nobody
understands is shown as it is; nothing in a letter can make the mailbox unreadable.
"""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from html.parser import HTMLParser

from shared.embedded.mailbox.deliveries import Delivery

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_SENTENCE_END = ".,;:!?)]"
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_NAME_LENGTH = 120
"""Characters kept of an attachment's name; file systems take 255 bytes."""
_ID_LENGTH = 32
_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
"""Names of RFC 6838, section 4.2; anything else cannot go into a header of ours."""
_ANY_BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter."""

    name: str
    """Without path separators or control characters."""
    content_type: str
    content: bytes

    @property
    def size_bytes(self) -> int:
        """Size of the decoded file."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in a letter, with the words that carry it."""

    address: str
    words: str


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


@dataclass(frozen=True, slots=True)
class _Parts:
    text: str | None
    html: str | None
    attachments: tuple[Attachment, ...]


def letter_id_of(delivery: Delivery) -> str:
    """Return the id of the letter: equal for equal Message-IDs, 32 hex digits.

    A message without one is a letter of its own.
    """
    message_id = _header(message_from_bytes(delivery.content), "Message-ID").strip()
    name = f"message {message_id}" if message_id else f"delivery {delivery.number}"
    return hashlib.sha256(name.encode()).hexdigest()[:_ID_LENGTH]


def summarise(delivery: Delivery) -> LetterSummary:
    """Return the line of the list for a letter delivered once."""
    message = message_from_bytes(delivery.content)
    return LetterSummary(
        letter_id=letter_id_of(delivery),
        number=delivery.number,
        subject=_header(message, "Subject") or "(no subject)",
        sender=_header(message, "From") or delivery.sender,
        recipients=delivery.recipients,
        received_at=delivery.received_at,
        deliveries=1,
        identical=True,
    )


def parse(delivery: Delivery, summary: LetterSummary) -> Letter:
    """Return the letter in *delivery*, its bodies decoded and its files extracted."""
    message = message_from_bytes(delivery.content)
    parts = _sort(list(_leaves(message)))
    return Letter(
        summary=summary,
        headers=tuple((name, _decoded(value)) for name, value in message.items()),
        text=parts.text,
        html=parts.html,
        links=_links(parts),
        attachments=parts.attachments,
    )


def meaning_of(delivery: Delivery) -> bytes:
    """Return a digest of all that the addressee reads.

    Subject, sender, addressees, bodies and files count; dates and the boundaries
    between parts do not, which senders make anew for each attempt.
    """
    message = message_from_bytes(delivery.content)
    parts = _sort(list(_leaves(message)))
    read = [_header(message, name) for name in ("Subject", "From", "To", "Cc")]
    read += [*delivery.recipients, repr(parts.text), repr(parts.html)]
    pieces = [piece.encode(errors="replace") for piece in read]
    for file in parts.attachments:
        pieces += [file.name.encode(errors="replace"), file.content]
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.digest()


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Yield the parts that hold something; a forwarded message is one part."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def _sort(leaves: list["Message[str, str]"]) -> _Parts:
    text: str | None = None
    html: str | None = None
    attachments: list[Attachment] = []
    for part in leaves:
        inline = (
            part.get_content_disposition() != "attachment" and not part.get_filename()
        )
        kind = part.get_content_type() if inline else ""
        if kind == "text/plain" and text is None:
            text = _body(part)
        elif kind == "text/html" and html is None:
            html = _body(part)
        else:
            attachments.append(_attachment(part, len(attachments) + 1))
    return _Parts(text=text, html=html, attachments=tuple(attachments))


def _body(part: "Message[str, str]") -> str:
    charset = part.get_content_charset() or "utf-8"
    content = _content(part)
    try:
        return content.decode(charset, errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _attachment(part: "Message[str, str]", position: int) -> Attachment:
    declared = part.get_content_type()
    content_type = declared if _CONTENT_TYPE.fullmatch(declared) else _ANY_BYTES
    ending = mimetypes.guess_extension(content_type) or ""
    given = _UNSAFE_IN_NAME.sub("_", _decoded(part.get_filename() or "")).strip(" .")
    name = given[-_NAME_LENGTH:] or f"attachment-{position}{ending}"
    return Attachment(name=name, content_type=content_type, content=_content(part))


def _content(part: "Message[str, str]") -> bytes:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    # A forwarded message (message/rfc822) holds a message, not bytes.
    inner = part.get_payload()
    messages = inner if isinstance(inner, list) else []
    return b"\r\n".join(m.as_bytes() for m in messages if isinstance(m, Message))


def _header(message: "Message[str, str]", name: str) -> str:
    return _decoded(message.get(name, ""))


def _decoded(value: object) -> str:
    """Return a header as people read it, or as it came when it is malformed."""
    # Bytes that are no UTF-8 arrive as lone surrogates, which no page can carry.
    text = " ".join(str(value).encode(errors="replace").decode().split())
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def _links(parts: _Parts) -> tuple[Link, ...]:
    """Return the web addresses of the letter, each once, in reading order."""
    found = _LinkFinder()
    found.feed(parts.html or "")
    found.close()
    matches = _WEB_ADDRESS.findall(parts.text or "")
    plain = (match.rstrip(_SENTENCE_END) for match in matches)
    links = [*found.links, *(Link(address, address) for address in plain)]
    return tuple({link.address: link for link in reversed(links)}.values())[::-1]


class _LinkFinder(HTMLParser):
    """Collects ``<a href="http...">words</a>``."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._address: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").strip()
        if tag == "a" and _WEB_ADDRESS.fullmatch(address):
            self._address, self._words = address, []

    def handle_data(self, data: str) -> None:
        if self._address is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address is not None:
            words = " ".join("".join(self._words).split())
            self.links.append(Link(self._address, words or self._address))
            self._address = None
