"""Import: a portfolio of 30 files, from the upload on disk to the evidence store.

A folder with a Word document for each section and evidence beside it is read in the
limited process and stored, encrypted and forced to disk, as handing it in does: twice,
because what is decided is decided before anything is stored. The process is started
before anything is measured; the log's part, one append, is in the rows of appending.
"""

import argparse
import asyncio
import io
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from docx import Document
from pydantic import SecretStr

from benchmarks.report import Row, below, median, show
from services.submission.documents import DocumentReaders, Upload, read_portfolio
from services.submission.documents.packing import pack_files
from services.submission.domain.commands import Enrol
from services.submission.handlers.keeping import Keeping
from shared.clock import utc_now
from shared.contracts.programme import Layout, Programme
from shared.crypto import Vault, open_keystore
from shared.evidence import open_blob_store
from shared.programmes import load_programme

FILES = 30
WORDS = 1_200
"""Of each document: a portfolio of about 30,000 words."""
PICTURE_PX = 900
IMPORT_SECONDS = 3
"""Source: the numbers of the whole life of a case."""
SECRET = "A" * 43
"""Any 32 bytes: nothing here outlives the run."""


def portfolio(programme: Programme) -> bytes:
    """Return a zip of `FILES` files that is complete for the template of folders."""
    files = dict(_sections(programme))
    number = 0
    while len(files) < FILES:
        number += 1
        name = f"evidence/{number:02}"
        if number % 3:
            files[f"{name} handout.docx"] = _document(f"Handout {number}")
        else:
            files[f"{name} board.png"] = _picture(number)
    return pack_files(files)


def _sections(programme: Programme) -> Iterator[tuple[str, bytes]]:
    shapes = (each for each in programme.templates if each.layout is Layout.FOLDER)
    for section in next(shapes).sections:
        if not section.parts:
            yield f"{section.key}.docx", _document(section.title)
        for part in section.parts:
            for number in range(1, part.minimum + 1):
                name = f"{section.key}/{part.key}-{number}.docx"
                yield name, _document(f"{part.title} {number}")


def _document(title: str) -> bytes:
    document = Document()
    document.add_heading(title, level=1)
    for start in range(0, WORDS, 80):
        words = (f"{title.lower()} word {start + place}" for place in range(0, 80, 4))
        document.add_paragraph(" ".join(words))
    table = document.add_table(rows=0, cols=4)
    for row in range(12):
        for cell in table.add_row().cells:
            cell.text = f"{title} {row}"
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def _picture(number: int) -> bytes:
    """Return a PNG whose pixels do not compress well."""
    line = bytes((number * 7 + place * place) % 251 for place in range(PICTURE_PX * 3))
    rows = b"".join(b"\0" + line[row:] + line[:row] for row in range(PICTURE_PX))
    size = struct.pack(">IIBBBBB", PICTURE_PX, PICTURE_PX, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


async def measure(rounds: int) -> list[float]:
    """Return the seconds of each round; one before them starts the process."""
    programme = load_programme("ATS")
    with tempfile.TemporaryDirectory(prefix="attest-benchmark-") as name:
        directory = Path(name)
        zipped = directory / "portfolio.zip"
        zipped.write_bytes(portfolio(programme))
        keys = open_keystore(SecretStr(f"sqlite:///{name}/keys.db"), SecretStr(SECRET))
        async with keys as keystore, DocumentReaders(count=1) as readers:
            vault = Vault(keystore, utc_now)
            blobs = open_blob_store(f"file://{name}/evidence", vault.keys)
            seconds = []
            for number in range(rounds + 1):
                contents = directory / f"contents-{number}"
                contents.mkdir()
                upload = Upload(path=zipped, name="portfolio.zip", contents=contents)
                began = time.perf_counter()
                await _import(upload, programme, readers, Keeping(blobs), number)
                seconds.append(time.perf_counter() - began)
            return seconds[1:]


async def _import(
    upload: Upload,
    programme: Programme,
    readers: DocumentReaders,
    keeping: Keeping,
    number: int,
) -> None:
    read = await read_portfolio(upload, programmes=(programme,), pool=readers)
    about = Enrol(
        case_id=f"c{number}",
        person_id=f"p{number}",
        cohort_id="ats-2025-10",
        organisation_id="north-college",
        programme=programme.code,
        programme_version=programme.programme_version,
        policy_version=programme.policy_version,
        at=utc_now(),
    )
    await keeping.measure(read, upload.contents, about, 1)
    await keeping.keep(read, upload.contents, about, 1)


def rows(seconds: Sequence[float]) -> Sequence[Row]:
    """Return what was measured against what must be reached."""
    what = f"import of a portfolio of {FILES} files"
    return [below(what, median(seconds), IMPORT_SECONDS, "s")]


def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    seconds = asyncio.run(measure(arguments.rounds))
    note = (
        f"Import: median of {len(seconds)}, slowest {max(seconds):.2f} s; read and"
        " stored, without the one append."
    )
    show("Importing", rows(seconds), as_json=arguments.json, note=note)


def parser() -> argparse.ArgumentParser:
    """Return the options of the command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", action="store_true")
    return options


if __name__ == "__main__":
    main(parser().parse_args())
