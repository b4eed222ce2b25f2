"""What an upload consists of: a zip of files, or one Word document.

Sizes, names and kinds of entry are judged from the zip's own table of contents, so a
hostile zip is refused before a byte of it is unpacked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from services.submission.documents.intake import members, names
from services.submission.documents.refusals import Problems, UnreadableError

_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the upload, not yet unpacked."""

    name: str
    """Path inside the portfolio, with forward slashes."""
    size_bytes: int
    read: Callable[[], bytes]
    """Return the content; raises UnreadableError when it is damaged."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The usable files of an upload, and those of the system that are left out."""

    files: tuple[SourceFile, ...]
    ignored: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Names of files that are there but cannot be used; the problems say why."""


def list_files(stream: BinaryIO, name: str, problems: Problems) -> Survey:
    """Return the files of the upload in *stream*, called *name*, before any limit.

    Adds entries that cannot be used to *problems*.

    Raises:
        PortfolioRefusedError: neither a zip nor a Word document, or damaged.
    """
    suffix = PurePath(name).suffix.casefold()
    if suffix == ".docx":
        size_bytes = stream.seek(0, 2)
        return Survey((SourceFile(PurePath(name).name, size_bytes, _whole(stream)),))
    if suffix != ".zip":
        problems.add(
            name,
            reason="It is neither a zip nor a Word document (.docx).",
            remedy="Upload one .docx, or the folder packed as one .zip.",
        )
        problems.refuse_if_any()
    return _without_shared_folder(_entries(_open(stream, name, problems), problems))


def _whole(stream: BinaryIO) -> Callable[[], bytes]:
    def read() -> bytes:
        stream.seek(0)
        return stream.read()

    return read


def _open(stream: BinaryIO, name: str, problems: Problems) -> ZipFile:
    try:
        archive = ZipFile(stream)
        overlap = any(members.overlapping(archive.infolist()))
    except members.DAMAGE as error:
        problems.found.append(_damaged().about(name))
        raise problems.refused() from error
    if overlap:
        problems.found.append(_damaged().about(name))
        problems.refuse_if_any()
    return archive


def _entries(archive: ZipFile, problems: Problems) -> Survey:
    files: list[SourceFile] = []
    ignored: list[str] = []
    refused: list[str] = []
    for info in archive.infolist():
        is_utf8 = bool(info.flag_bits & _UTF8_NAME)
        name = names.decoded_name(info.orig_filename, is_utf8=is_utf8)
        try:
            names.refuse_unsafe(name)
            members.refuse_hostile(info)
        except UnreadableError as problem:
            problems.found.append(problem.about(name))
            refused.append(name)
            continue
        if name.endswith("/"):
            continue
        if names.is_system_file(name):
            ignored.append(name)
        else:
            files.append(SourceFile(name, info.file_size, _member(archive, info)))
    return Survey(tuple(files), tuple(ignored), tuple(refused))


def _member(archive: ZipFile, info: ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            return archive.read(info)
        except members.DAMAGE as error:
            raise _damaged() from error

    return read


def _damaged() -> UnreadableError:
    reason = "It is damaged and cannot be unpacked."
    return UnreadableError(reason, "Pack the folder again and upload it.")


def _without_shared_folder(found: Survey) -> Survey:
    """Take one folder level away when the folder itself was packed."""
    folder = names.shared_folder((*(each.name for each in found.files), *found.refused))
    files = (replace(each, name=each.name.removeprefix(folder)) for each in found.files)
    refused = tuple(name.removeprefix(folder) for name in found.refused)
    return replace(found, files=tuple(files), refused=refused)
