"""Scans: the JPEG is one that readers take, and shows the picture."""

import struct
import zlib

import pytest

from services.submission.documents.contents.pictures import pixels
from services.submission.documents.intake.kinds import sniffed
from services.submission.documents.samples.scanned import jpeg_of
from services.submission.documents.samples.scanned.png import grey_pixels

FILTERS = range(5)


def chunk(name: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + check


def picture(rows: list[bytes], *, width: int, colour: int = 2) -> bytes:
    """Return a PNG of rows that begin with their filter."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


class TestGreyPixels:
    def test_are_the_brightness_of_each_pixel(self) -> None:
        png = picture([b"\0\xff\xff\xff\0\0\0\xff\0\0"], width=3)
        assert grey_pixels(png) == (3, 1, [bytearray((255, 0, 76))])

    @pytest.mark.parametrize("kind", FILTERS)
    def test_undo_every_filter(self, kind: int) -> None:
        # An even grey of 100: what each filter leaves of it, row by row.
        even = b"\x64\x64\x64"
        left = b"\0\0\0"
        half = b"\x32\x32\x32"
        first = {0: even + even, 1: even + left, 2: even + even}
        first |= {3: even + half, 4: even + left}
        second = {0: even + even, 1: even + left, 2: left + left}
        second |= {3: half + left, 4: left + left}
        rows = [bytes((kind,)) + first[kind], bytes((kind,)) + second[kind]]
        _, _, grey = grey_pixels(picture(rows, width=2))
        assert grey == [bytearray((100, 100)), bytearray((100, 100))]

    def test_are_refused_of_a_palette(self) -> None:
        with pytest.raises(ValueError, match="RGB"):
            grey_pixels(picture([b"\0\0"], width=1, colour=3))


class TestScans:
    def test_are_jpegs_of_the_same_size(self) -> None:
        rows = [b"\0" + bytes((x * 7 % 256, 40, 90)) * 21 for x in range(13)]
        scan = jpeg_of(picture(rows, width=21))
        assert sniffed(scan) == "image/jpeg"
        assert pixels(scan) == (21, 13)
        assert scan.endswith(b"\xff\xd9")

    def test_of_one_grey_hold_no_waves(self) -> None:
        even = jpeg_of(picture([b"\0" + b"\x80" * 24] * 8, width=8))
        uneven = jpeg_of(picture([b"\0" + b"\x80\x80\x80\0\0\0" * 4] * 8, width=8))
        assert len(even) < len(uneven)
