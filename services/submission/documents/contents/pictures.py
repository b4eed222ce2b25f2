"""Pictures: their size in pixels, and whether they are whole."""

import struct
import zlib
from io import BytesIO

from services.submission.documents.contents.content import Content, content_id
from services.submission.documents.intake.kinds import Kind
from services.submission.documents.limits import MAX_PICTURE_PIXELS
from services.submission.documents.refusals import UnreadableError
from shared.contracts.portfolio import Image

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNK = struct.Struct(">I4s")
_PNG_SIZE = struct.Struct(">II")
_GIF_STARTS = (b"GIF87a", b"GIF89a")
_GIF_SIZE = struct.Struct("<HH")
_JPEG_START = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_JPEG_SEGMENT = struct.Struct(">2sH")
_JPEG_SIZE = struct.Struct(">HH")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of segments that begin with the size. Source: ITU-T T.81, table B.1."""


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
    """Return width and height of a PNG, GIF or JPEG; None when it does not tell."""
    try:
        if data.startswith(_PNG_START):
            return _PNG_SIZE.unpack_from(data, len(_PNG_START) + _PNG_CHUNK.size)
        if data.startswith(_GIF_STARTS):
            return _GIF_SIZE.unpack_from(data, len(_GIF_STARTS[0]))
        return _jpeg_pixels(data) if data.startswith(_JPEG_START) else None
    except struct.error:
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


def _jpeg_pixels(data: bytes) -> tuple[int, int] | None:
    """Return the size from the first frame, going from segment to segment."""
    place = len(_JPEG_START)
    while True:
        marker, length = _JPEG_SEGMENT.unpack_from(data, place)
        if marker[0] != 0xFF:  # noqa: PLR2004 - every marker begins so
            return None
        if marker[1] == 0xFF:  # noqa: PLR2004 - a byte of padding before the marker
            place += 1
            continue
        if marker[1] in _JPEG_FRAMES:
            height_px, width_px = _JPEG_SIZE.unpack_from(data, place + 5)
            return width_px, height_px
        place += 2 + length


def _is_whole_png(data: bytes) -> bool:
    stream = BytesIO(data[len(_PNG_START) :])
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
