"""The grey pixels of a PNG drawn here: eight bits, RGB or RGBA, not interlaced."""

import struct
import zlib
from collections.abc import Iterator


def grey_pixels(png: bytes) -> tuple[int, int, list[bytearray]]:
    """Return width, height, and the brightness of each pixel, row by row.

    Raises:
        ValueError: a kind of PNG that is not drawn here.
    """
    place, packed, head = 8, bytearray(), b""
    while place < len(png):
        length, name = struct.unpack_from(">I4s", png, place)
        content = png[place + 8 : place + 8 + length]
        head = content if name == b"IHDR" else head
        packed += content if name == b"IDAT" else b""
        place += length + 12
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if depth != 8 or colour not in {2, 6} or interlaced:  # noqa: PLR2004 - bits
        message = "only RGB and RGBA of eight bits, not interlaced"
        raise ValueError(message)
    step = 3 if colour == 2 else 4  # noqa: PLR2004 - RGB
    rows = _unfiltered(zlib.decompress(packed), width * step, step)
    return width, height, [_grey(row, step) for row in rows]


def _unfiltered(data: bytes, length: int, step: int) -> Iterator[bytes]:
    """Yield each row as it was. Source: ISO/IEC 15948, clause 9."""
    before = bytes(length)
    for start in range(0, len(data), length + 1):
        row = data[start + 1 : start + 1 + length]
        match data[start]:
            case 1:
                row = _plus_left(row, step)
            case 2:
                row = bytes([a + b & 0xFF for a, b in zip(row, before, strict=True)])
            case 3:
                row = _plus_average(row, before, step)
            case 4:
                row = _plus_paeth(row, before, step)
            case _:
                pass  # as it is
        yield row
        before = row


def _plus_left(row: bytes, step: int) -> bytes:
    whole = bytearray(step) + row
    for at in range(step, len(whole)):
        whole[at] = whole[at] + whole[at - step] & 0xFF
    return bytes(whole[step:])


def _plus_average(row: bytes, before: bytes, step: int) -> bytes:
    whole = bytearray(step) + row
    for at, above in enumerate(before, start=step):
        whole[at] = whole[at] + (whole[at - step] + above >> 1) & 0xFF
    return bytes(whole[step:])


def _plus_paeth(row: bytes, before: bytes, step: int) -> bytes:
    whole = bytearray(step) + row
    corners = bytes(step) + before
    for at, (above, corner) in enumerate(zip(before, corners, strict=False), step):
        left = whole[at - step]
        to_left, to_above = abs(above - corner), abs(left - corner)
        to_corner = abs(left + above - corner - corner)
        if to_left <= to_above and to_left <= to_corner:
            guess = left
        else:
            guess = above if to_above <= to_corner else corner
        whole[at] = whole[at] + guess & 0xFF
    return bytes(whole[step:])


def _grey(row: bytes, step: int) -> bytearray:
    """Return the brightness of each pixel. Source: ITU-R BT.601."""
    red, green, blue = row[::step], row[1::step], row[2::step]
    return bytearray(
        (299 * r + 587 * g + 114 * b) // 1000
        for r, g, b in zip(red, green, blue, strict=True)
    )
