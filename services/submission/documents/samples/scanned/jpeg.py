"""A PNG as a grey JPEG, as scanners save a page: baseline, one component.

Written from ITU-T T.81; the tables are those of its annex K.
"""

import math
import struct
from collections.abc import Sequence
from functools import cache

from services.submission.documents.samples.scanned.png import grey_pixels

_BLOCK = 8
_QUANTISERS = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
"""Source: ITU-T T.81, table K.1."""
_DC_COUNTS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_DC_VALUES = tuple(range(12))
"""Source: ITU-T T.81, table K.3."""
_AC_COUNTS = (0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125)
_AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282"
    "090a161718191a25262728292a3435363738393a434445464748494a535455565758595a"
    "636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4"
    "a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3"
    "e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
"""Source: ITU-T T.81, table K.5."""
_END_OF_BLOCK, _SIXTEEN_ZEROS, _LONGEST_RUN = 0x00, 0xF0, 15


def jpeg_of(png: bytes) -> bytes:
    """Return the picture in *png* as a grey JPEG.

    Raises:
        ValueError: a kind of PNG that is not drawn here.
    """
    width, height, grey = grey_pixels(png)
    body = _entropy_coded(width, height, grey)
    size = struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0)
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\x01\x01\x01\0\x6e\0\x6e\0\0"),
            _segment(0xDB, b"\0" + bytes(_QUANTISERS[at] for at in _zigzag())),
            _segment(0xC0, size),
            _segment(0xC4, bytes((0x00, *_DC_COUNTS, *_DC_VALUES))),
            _segment(0xC4, bytes((0x10, *_AC_COUNTS)) + _AC_VALUES),
            _segment(0xDA, bytes((1, 1, 0x00, 0, 63, 0))),
            body,
            b"\xff\xd9",
        )
    )


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _entropy_coded(width: int, height: int, grey: Sequence[bytearray]) -> bytes:
    bits: list[str] = []
    last = 0
    for top in range(0, height, _BLOCK):
        for left in range(0, width, _BLOCK):
            values = _quantised(
                [
                    grey[min(top + y, height - 1)][min(left + x, width - 1)] - 128
                    for y in range(_BLOCK)
                    for x in range(_BLOCK)
                ]
            )
            bits.append(_block_bits(values, last))
            last = values[0]
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8).replace(b"\xff", b"\xff\0")


def _quantised(samples: list[int]) -> list[int]:
    """Return the transformed block in zigzag order; an even one needs no sums."""
    if min(samples) == max(samples):
        return [round(samples[0] * _BLOCK / _QUANTISERS[0])] + [0] * 63
    waves = _waves()
    columns = range(_BLOCK)
    rows = [
        [sum(samples[y * _BLOCK + x] * waves[u][x] for x in columns) for u in columns]
        for y in columns
    ]
    whole = [
        sum(rows[y][u] * waves[v][y] for y in columns) for v in columns for u in columns
    ]
    return [round(whole[at] / _QUANTISERS[at]) for at in _zigzag()]


def _block_bits(values: Sequence[int], last: int) -> str:
    dc, ac = _codes(_DC_COUNTS, _DC_VALUES), _codes(_AC_COUNTS, tuple(_AC_VALUES))
    size, written = _signed(values[0] - last)
    bits, zeros = [dc[size], written], 0
    end = max((at for at in range(1, 64) if values[at]), default=0)
    for value in values[1 : end + 1]:
        if value == 0:
            zeros += 1
            continue
        while zeros > _LONGEST_RUN:
            bits.append(ac[_SIXTEEN_ZEROS])
            zeros -= _LONGEST_RUN + 1
        size, written = _signed(value)
        bits += (ac[zeros << 4 | size], written)
        zeros = 0
    return "".join(bits) + (ac[_END_OF_BLOCK] if end < 63 else "")  # noqa: PLR2004


def _signed(value: int) -> tuple[int, str]:
    """Return how many bits *value* takes, and the bits. Source: T.81, F.1.2.1."""
    size = abs(value).bit_length()
    offset = value if value > 0 else value + (1 << size) - 1
    return size, f"{offset:0{size}b}" if size else ""


@cache
def _codes(counts: tuple[int, ...], values: tuple[int, ...]) -> dict[int, str]:
    codes: dict[int, str] = {}
    code, waiting = 0, iter(values)
    for length, count in enumerate(counts, start=1):
        for _ in range(count):
            codes[next(waiting)] = f"{code:0{length}b}"
            code += 1
        code <<= 1
    return codes


@cache
def _waves() -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(
            (math.sqrt(0.125) if u == 0 else 0.5)
            * math.cos((2 * x + 1) * u * math.pi / 16)
            for x in range(_BLOCK)
        )
        for u in range(_BLOCK)
    )


@cache
def _zigzag() -> tuple[int, ...]:
    places = [(y, x) for y in range(_BLOCK) for x in range(_BLOCK)]
    order = sorted(places, key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))
    return tuple(y * _BLOCK + x for y, x in order)
