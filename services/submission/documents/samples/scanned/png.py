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


def _unfiltered(data: bytes, length: int, step: int) -> Iterator[bytearray]:
    before = bytearray(length)
    for start in range(0, len(data), length + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + length])
        for at in range(length) if kind else ():
            left = row[at - step] if at >= step else 0
            corner = before[at - step] if at >= step else 0
            guess = _guess(kind, left, before[at], corner)
            row[at] = (row[at] + guess) & 0xFF
        yield row
        before = row


def _guess(kind: int, left: int, above: int, corner: int) -> int:
    """Return what a filter of PNG takes away. Source: ISO/IEC 15948, clause 9."""
    if kind == 4:  # noqa: PLR2004 - Paeth
        middle = left + above - corner
        return min((left, above, corner), key=lambda each: abs(middle - each))
    return (0, left, above, (left + above) // 2)[kind]


def _grey(row: bytearray, step: int) -> bytearray:
    """Return the brightness of each pixel. Source: ITU-R BT.601."""
    red, green, blue = row[::step], row[1::step], row[2::step]
    return bytearray(
        (299 * r + 587 * g + 114 * b) // 1000
        for r, g, b in zip(red, green, blue, strict=True)
    )
