"""What is in a message, whatever bytes came.

Invariant: every function answers. A header or character set that nobody understands is
shown as it is, in characters that a page can carry.
"""

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_NAME_LENGTH = 120
"""Characters kept of an attachment's name; file systems take 255 bytes."""
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
class Parts:
    """What a message consists of, sorted."""

    text: str | None
    html: str | None
    attachments: tuple[Attachment, ...]


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Yield the parts that hold something; a forwarded message is one part."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def sorted_parts(message: "Message[str, str]") -> Parts:
    """Return the first text, the first HTML, and everything else as files."""
    text: str | None = None
    html: str | None = None
    attachments: list[Attachment] = []
    for part in _leaves(message):
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
    return Parts(text=text, html=html, attachments=tuple(attachments))


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
    given = _UNSAFE_IN_NAME.sub("_", decoded(part.get_filename() or "")).strip(" .")
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


def header(message: "Message[str, str]", name: str) -> str:
    """Return the header *name* as people read it, or an empty text."""
    return decoded(message.get(name, ""))


def decoded(value: object) -> str:
    """Return a header as people read it, or as it came when it is malformed."""
    # Bytes that are no UTF-8 arrive as lone surrogates, which no page can carry.
    text = " ".join(str(value).encode(errors="replace").decode().split())
    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text
