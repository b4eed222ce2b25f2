"""Reading in limited processes: a hostile file ends a process, never the service."""

import asyncio
import hashlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from services.submission.documents import (
    DocumentReaders,
    Portfolio,
    PortfolioRefusedError,
    ReadingLimits,
    Upload,
    pack,
    read_portfolio,
)
from services.submission.documents.packing import pack_files
from services.submission.documents.readers.worker import ReaderLostError
from services.submission.documents.samples import generate_portfolio
from services.submission.documents.samples.drawn import draw_pdf
from shared.contracts.programme import Programme
from tests.unit.submission.documents.building import (
    ATS,
    paragraph,
    phases,
    png,
    read,
    word,
    workbook,
)


@pytest.fixture
async def pool() -> AsyncIterator[DocumentReaders]:
    """Return readers with ordinary limits."""
    async with DocumentReaders(count=1) as readers:
        yield readers


def upload(folder: Path, data: bytes, name: str = "workbook.docx") -> Upload:
    """Return *data* as an upload with an empty folder for its contents."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = folder / "contents"
    contents.mkdir()
    path = folder / "upload"
    path.write_bytes(data)
    return Upload(path=path, name=name, contents=contents)


async def refused(
    given: Upload, readers: DocumentReaders, programme: Programme = ATS
) -> str:
    """Return the reasons against an upload; the test fails if there are none."""
    with pytest.raises(PortfolioRefusedError) as error:
        await read_portfolio(given, programmes=(programme,), pool=readers)
    assert list(given.contents.iterdir()) == []
    assert all(each.remedy for each in error.value.refusals)
    return " ".join(each.reason for each in error.value.refusals)


@pytest.fixture(scope="module")
def slow_document() -> bytes:
    """Return a document that takes seconds to read: very many different rows."""
    rows = "".join(
        f"<w:tr><w:tc><w:p><w:r><w:t>{_digits(number)}</w:t></w:r></w:p></w:tc></w:tr>"
        for number in range(90_000)
    )
    return word(f"<w:tbl>{rows}</w:tbl>" + paragraph("Introduction", "Heading1"))


def _digits(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:20]


def children() -> set[int]:
    """Return the ids of all processes below this one."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


class TestReadPortfolio:
    async def test_gives_the_portfolio_and_its_originals(
        self, pool: DocumentReaders, tmp_path: Path
    ) -> None:
        files = {**phases(), "evidence/a.png": png()}
        given = upload(tmp_path, pack_files(files), "folder.zip")
        found = await read_portfolio(given, programmes=(ATS,), pool=pool)
        assert found == read(files)
        kept = {path.name: path.read_bytes() for path in given.contents.iterdir()}
        assert set(kept) == {file.id for file in found.evidence}
        assert png() in kept.values()

    async def test_reads_a_folder_packed_from_disk(
        self, pool: DocumentReaders, tmp_path: Path
    ) -> None:
        folder = tmp_path / "My portfolio"
        for name, data in phases().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        given = upload(tmp_path / "up", pack(folder), "My portfolio.zip")
        found = await read_portfolio(given, programmes=(ATS,), pool=pool)
        assert found == read(phases())

    def test_packs_no_link_that_leads_out_of_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "about-you.md").write_text("Words.")
        (tmp_path / "secret.md").symlink_to("/etc/passwd")
        with pytest.raises(PortfolioRefusedError) as refused:
            pack(tmp_path)
        (refusal,) = refused.value.refusals
        assert (refusal.file, refusal.remedy) == (
            "secret.md",
            "Put the file itself in its place.",
        )

    async def test_leaves_nothing_behind_when_one_file_is_refused(
        self, pool: DocumentReaders, tmp_path: Path
    ) -> None:
        files = {**phases(), "evidence/a.png": png(), "evidence/b.exe": b"MZ"}
        given = upload(tmp_path, pack_files(files), "folder.zip")
        assert "exe" in await refused(given, pool)

    async def test_reads_the_next_portfolio_after_a_refused_one(
        self, pool: DocumentReaders, tmp_path: Path
    ) -> None:
        await refused(upload(tmp_path / "bad", b"no document"), pool)
        given = upload(tmp_path / "good", workbook())
        assert (await read_portfolio(given, programmes=(ATS,), pool=pool)).sections

    async def test_reads_thirty_files_within_three_seconds(
        self, pool: DocumentReaders, tmp_path: Path
    ) -> None:
        page = draw_pdf("P", [{"kind": "paragraph", "style": "body", "text": "Words"}])
        files = {
            **phases(),
            **{f"evidence/{number}.pdf": page for number in range(6)},
            **{f"evidence/{number}.docx": workbook() for number in range(6)},
        }
        given = upload(tmp_path, pack_files(files), "folder.zip")
        async with asyncio.timeout(3):
            await read_portfolio(given, programmes=(ATS,), pool=pool)


class TestLimits:
    async def test_end_a_reading_that_takes_too_long(
        self, tmp_path: Path, slow_document: bytes
    ) -> None:
        limits = ReadingLimits(wall_seconds=1, cpu_seconds=20)
        async with DocumentReaders(count=1, limits=limits) as readers:
            assert "far longer" in await refused(
                upload(tmp_path, slow_document), readers
            )

    async def test_end_a_reading_that_takes_too_much_of_the_processor(
        self, tmp_path: Path, slow_document: bytes
    ) -> None:
        limits = ReadingLimits(wall_seconds=20, cpu_seconds=1)
        async with DocumentReaders(count=1, limits=limits) as readers:
            assert "far longer" in await refused(
                upload(tmp_path, slow_document), readers
            )

    async def test_end_a_reading_that_takes_too_much_memory(
        self, tmp_path: Path, slow_document: bytes
    ) -> None:
        limits = ReadingLimits(memory_bytes=200 * 1024 * 1024)
        async with DocumentReaders(count=1, limits=limits) as readers:
            assert "far more memory" in await refused(
                upload(tmp_path, slow_document), readers
            )

    async def test_let_the_process_live_for_the_next_portfolio(
        self, tmp_path: Path, slow_document: bytes
    ) -> None:
        limits = ReadingLimits(wall_seconds=1, cpu_seconds=20)
        async with DocumentReaders(count=1, limits=limits) as readers:
            await refused(upload(tmp_path / "slow", slow_document), readers)
            before = children()
            given = upload(tmp_path / "good", workbook())
            await read_portfolio(given, programmes=(ATS,), pool=readers)
            assert children() == before


class TestProcesses:
    async def test_are_killed_without_harm(
        self, pool: DocumentReaders, tmp_path: Path, slow_document: bytes
    ) -> None:
        before = children()
        reading = asyncio.create_task(refused(upload(tmp_path, slow_document), pool))
        child = await _grandchild(before)
        os.kill(child, signal.SIGKILL)
        assert "stopped by something in it" in await reading

    async def test_are_replaced_when_they_are_lost(
        self, pool: DocumentReaders, tmp_path: Path, slow_document: bytes
    ) -> None:
        before = children()
        given = upload(tmp_path / "a", slow_document)
        reading = asyncio.create_task(
            read_portfolio(given, programmes=(ATS,), pool=pool)
        )
        child = await _grandchild(before)
        os.kill(psutil.Process(child).ppid(), signal.SIGKILL)
        with pytest.raises(ReaderLostError):
            await reading
        again = upload(tmp_path / "b", workbook())
        assert (await read_portfolio(again, programmes=(ATS,), pool=pool)).sections

    async def test_never_give_one_asker_the_answer_of_another(
        self, pool: DocumentReaders, tmp_path: Path, slow_document: bytes
    ) -> None:
        before = children()
        given = upload(tmp_path / "a", slow_document)
        reading = asyncio.create_task(
            read_portfolio(given, programmes=(ATS,), pool=pool)
        )
        await _grandchild(before)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        name, data = generate_portfolio(1)
        found = await read_portfolio(
            upload(tmp_path / "b", data, name), programmes=(ATS,), pool=pool
        )
        assert found == read(data, name=name)

    async def test_are_bounded_in_number(self, tmp_path: Path) -> None:
        before = children()
        async with DocumentReaders(count=2) as readers:
            given = [upload(tmp_path / str(each), workbook()) for each in range(6)]
            tasks = [
                read_portfolio(each, programmes=(ATS,), pool=readers) for each in given
            ]
            found: list[Portfolio] = await asyncio.gather(*tasks)
            assert len(found) == 6
            assert len(children() - before) == 2
        assert children() == before

    async def test_inherit_nothing_from_the_environment_of_the_service(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
        before = children()
        async with DocumentReaders(count=1) as readers:
            given = upload(tmp_path, workbook())
            await read_portfolio(given, programmes=(ATS,), pool=readers)
            (process,) = children() - before
            assert "DATABASE_URL" not in psutil.Process(process).environ()


async def _grandchild(before: set[int]) -> int:
    """Return the id of the process that is reading, once it is."""
    async with asyncio.timeout(20):
        while True:
            for pid in children() - before:
                for child in psutil.Process(pid).children():
                    return child.pid
            await asyncio.sleep(0.01)
