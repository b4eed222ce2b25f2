"""The table of contents of a zip, judged without unpacking any of it."""

import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from services.submission.documents.limits import MAX_RATIO, RATIO_FREE_BYTES
from services.submission.documents.refusals import UnreadableError

DAMAGE: tuple[type[Exception], ...] = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What unpacking a damaged zip raises, by where the damage is."""

_ENCRYPTED = 0x1
_LOCAL_HEADER_BYTES = 30
_PACK_AGAIN = "Pack the folder again as an ordinary zip and upload that."


def refuse_hostile(info: ZipInfo) -> None:
    """Check one entry by what the zip says about it.

    Raises:
        UnreadableError: encrypted, a link or device, an unusual method, or a bomb.
    """
    if info.flag_bits & _ENCRYPTED:
        reason = "It is locked with a password."
        raise UnreadableError(reason, "Remove the password and pack it again.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        reason = "It is a link to another file, not a file."
        raise UnreadableError(reason, "Put the file itself in its place.")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise UnreadableError("It is packed by an unusual method.", _PACK_AGAIN)
    if is_bomb(info):
        reason = f"It unpacks to more than {MAX_RATIO} times its packed size."
        raise UnreadableError(reason, "Leave the file out, or save it anew.")


def is_bomb(info: ZipInfo) -> bool:
    """Tell whether an entry grows out of proportion when it is unpacked."""
    return (
        info.file_size > RATIO_FREE_BYTES
        and info.file_size > MAX_RATIO * info.compress_size
    )


def overlapping(infos: Sequence[ZipInfo]) -> Iterator[ZipInfo]:
    """Yield the entries whose bytes also belong to the entry after them.

    Entries that share bytes make a small zip unpack to any size.
    """
    ordered = sorted(infos, key=lambda info: info.header_offset)
    for info, following in pairwise(ordered):
        least_end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size
        if least_end > following.header_offset:
            yield info
