"""Pictures: their size in pixels, and whether they are whole."""

import struct
import zlib
from io import BytesIO

from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.image.image import Image as ImageHeader

from services.submission.documents.contents.content import Content, content_id
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.limits import MAX_PICTURE_PIXELS
from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import Image

_PNG_START = 8
_PNG_CHUNK = struct.Struct(">I4s")
_JPEG_END = b"\xff\xd9"


def read_picture(kind: Kind, data: bytes) -> Content:
    """Return a picture file as one block.

    Raises:
        UnreadableError: cut off, damaged, or of enormous dimensions.
    """
    whole = _is_whole_png(data) if kind is Kind.PNG else _JPEG_END in data[2:]
    size = pixels(data)
    if not whole or size is None:
        reason = "The picture is damaged or not complete."
        raise UnreadableError(reason, "Open it, save it again and replace it.")
    refuse_flood(size)
    width_px, height_px = size
    image = Image(evidence_id=content_id(data), width_px=width_px, height_px=height_px)
    return Content((image,))


def pixels(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or None when the header does not tell."""
    try:
        header = ImageHeader.from_blob(data)
        return int(header.px_width), int(header.px_height)
    except (
        InvalidImageStreamError,
        UnexpectedEndOfFileError,
        UnrecognizedImageError,
        KeyError,
        struct.error,
    ):
        return None


def refuse_flood(size: tuple[int, int]) -> None:
    """Check that a picture can be shown without exhausting the reader's machine.

    Raises:
        UnreadableError: more pixels than any camera takes.
    """
    width_px, height_px = size
    if width_px * height_px > MAX_PICTURE_PIXELS:
        reason = f"The picture is {width_px} by {height_px} pixels, far too large."
        raise UnreadableError(reason, "Save it with at most 100 million pixels.")


def _is_whole_png(data: bytes) -> bool:
    stream = BytesIO(data[_PNG_START:])
    while header := stream.read(_PNG_CHUNK.size):
        if len(header) < _PNG_CHUNK.size:
            return False
        length, name = _PNG_CHUNK.unpack(header)
        body, check = stream.read(length), stream.read(4)
        if len(body) < length or check != struct.pack(">I", zlib.crc32(name + body)):
            return False
        if name == b"IEND":
            return True
    return False
