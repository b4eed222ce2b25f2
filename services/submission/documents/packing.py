"""A folder packed as one zip, the same bytes for the same files every time."""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from services.submission.documents.refusals import PortfolioRefusedError, Refusal

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest time a zip can hold; file times would change the bytes."""
_REGULAR_FILE = 0o100644


def pack(folder: Path) -> bytes:
    """Return every file in *folder*, at any depth, as a zip.

    Raises:
        NotADirectoryError: *folder* is none.
        PortfolioRefusedError: it holds links, which may lead anywhere; names each.
    """
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    links = sorted(path for path in folder.rglob("*") if path.is_symlink())
    if links:
        raise PortfolioRefusedError(
            Refusal(
                file=path.relative_to(folder).as_posix(),
                reason="It is a link to another file, not a file.",
                remedy="Put the file itself in its place.",
            )
            for path in links
        )
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return pack_files({name: path.read_bytes() for name, path in names.items()})


def pack_files(files: dict[str, bytes]) -> bytes:
    """Return *files*, by name, as a zip in the order of their names."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = ZipInfo(name, date_time=_EPOCH)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = _REGULAR_FILE << 16
            archive.writestr(info, files[name])
    return packed.getvalue()
