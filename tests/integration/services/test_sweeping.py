"""Files that were stored in vain are found again and removed; no other file ever is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from services.submission.app import CODEC
from services.submission.clocks import Sweeping
from services.submission.gateways import NotedFiles
from shared.crypto import KeyRing
from shared.database import Pool, open_pool
from shared.errors import UnavailableError
from shared.eventlog import open_log
from shared.evidence import BlobStore, open_blob_store
from shared.evidence.objects import LocalObjects
from shared.handling import Handling
from tests.integration.services.journey import hand_in, open_cohort, operations
from tests.support.embedded import FreshDatabase
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.keys import fixed_clock, memory_keystore
from tests.support.memory_log import MemoryEventLog
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

NOW = timedelta(0)


@pytest.fixture
async def pool(migrated_database: FreshDatabase) -> AsyncIterator[Pool]:
    url = migrated_database.url_for("submission")
    async with open_pool(url, schema="submission") as pool:
        yield pool


@pytest.fixture
def noted(pool: Pool) -> NotedFiles:
    return NotedFiles(pool)


def sweeping(blobs: BlobStore, noted: NotedFiles) -> Sweeping:
    """Return what sweeps in a log that knows nobody."""
    return Sweeping(Handling(MemoryEventLog(now=fixed_clock), CODEC), blobs, noted)


@asynccontextmanager
async def sweeping_of(running: Running) -> AsyncIterator[Sweeping]:
    """Give what sweeps beside a running submission, on its log and its files."""
    url = running.database.url_for("submission")
    keys = KeyRing(memory_keystore(), fixed_clock)
    blobs = open_blob_store(f"file://{running.directory}/evidence", keys)
    async with open_log(url) as log, open_pool(url, schema="submission") as pool:
        yield Sweeping(Handling(log, CODEC), blobs, NotedFiles(pool))


def files(running: Running) -> set[str]:
    root = running.directory / "evidence"
    found = (each for each in root.rglob("*") if each.is_file())
    return {each.relative_to(root).as_posix() for each in found}


class EndsBeforeStoring(MemoryObjects):
    """A store whose process ends before a file is there."""

    async def put(self, path: str, content: bytes) -> None:
        raise UnavailableError


class EndsAfterRemoving(MemoryObjects):
    """A store whose process ends as soon as a file is gone."""

    async def remove(self, path: str) -> None:
        await super().remove(path)
        raise UnavailableError


class TestSweep:
    """Source: architecture.md: a file is durable before a fact refers to it."""

    async def test_removes_a_file_that_no_fact_refers_to(
        self, noted: NotedFiles
    ) -> None:
        objects = MemoryObjects()
        blobs = memory_blobs(objects).noting(noted.note)
        await blobs.put("ana", b"stored, and then the process was killed")
        assert await sweeping(blobs, noted).sweep(NOW) == 1
        assert objects.paths() == []
        assert await noted.people(NOW, limit=1) == []

    async def test_leaves_what_may_still_be_on_its_way_in(
        self, noted: NotedFiles
    ) -> None:
        """Source: P: a day."""
        objects = MemoryObjects()
        blobs = memory_blobs(objects).noting(noted.note)
        await blobs.put("ana", b"stored a moment ago")
        assert await sweeping(blobs, noted).sweep() == 0
        assert len(objects.paths()) == 1

    async def test_leaves_what_was_stored_without_a_note(
        self, noted: NotedFiles
    ) -> None:
        """Source: letters lie in the same store, and other services know of them."""
        objects = MemoryObjects()
        blobs = memory_blobs(objects)
        await blobs.put("ana", b"a letter")
        assert await sweeping(blobs, noted).sweep(NOW) == 0
        assert len(objects.paths()) == 1

    async def test_has_a_note_of_a_file_before_it_is_stored(
        self, noted: NotedFiles
    ) -> None:
        """A process that ends between the two leaves a note and no file."""
        objects = EndsBeforeStoring()
        blobs = memory_blobs(objects).noting(noted.note)
        with pytest.raises(UnavailableError):
            await blobs.put("ana", b"never stored")
        assert await noted.people(NOW, limit=1) == ["ana"]
        assert await sweeping(memory_blobs(MemoryObjects()), noted).sweep(NOW) == 1
        assert await noted.people(NOW, limit=1) == []

    async def test_is_done_again_when_it_ended_between_file_and_note(
        self, noted: NotedFiles
    ) -> None:
        objects = EndsAfterRemoving()
        blobs = memory_blobs(objects).noting(noted.note)
        await blobs.put("ana", b"in vain")
        with pytest.raises(UnavailableError):
            await sweeping(blobs, noted).sweep(NOW)
        assert objects.paths() == []
        assert await noted.people(NOW, limit=1) == ["ana"]
        again = memory_blobs(MemoryObjects())
        assert await sweeping(again, noted).sweep(NOW) == 1
        assert await noted.people(NOW, limit=1) == []

    async def test_lets_the_same_file_be_stored_again_meanwhile(
        self, noted: NotedFiles, tmp_path: Path
    ) -> None:
        """What is stored after a note stays: the note waits for the sweep to end."""
        keys = KeyRing(memory_keystore(), fixed_clock)
        objects = LocalObjects(tmp_path / "evidence")
        blobs = BlobStore(objects, keys).noting(noted.note)
        blob = await blobs.put("ana", b"twice")
        async with noted.forgetting("ana", NOW) as paths:
            assert paths == (blob.path,)
            again = asyncio.create_task(blobs.put("ana", b"twice"))
            done, _ = await asyncio.wait({again}, timeout=0.5)
            assert not done
            await blobs.remove(blob.path)
        assert (await again).path == blob.path
        assert await objects.size_bytes(blob.path) > 0
        assert await noted.people(NOW, limit=1) == ["ana"]

    async def test_of_two_portfolios_handed_in_at_once_leaves_the_files_of_one(
        self, submission: Running, samples: tuple[Path, ...]
    ) -> None:
        """Source: S2 6.2.1: one submission an attempt; two submits at once."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        said = {
            "name": "Ana",
            "email": "ana@example.org",
            "mentor": "Ben <ben@example.org>",
            "organisation": "North College",
        }
        two = [sample for sample in samples if sample.suffix in {".docx", ".zip"}][:2]
        answers = await asyncio.gather(*(hand_in(desk, each, **said) for each in two))
        assert sorted(each.status_code for each in answers) == [201, 422]
        before = files(submission)
        async with sweeping_of(submission) as sweep:
            await sweep.sweep(NOW)
            left = files(submission)
            referred = await referred_paths(submission)
            assert left == referred
            assert left <= before
            assert await sweep.sweep(NOW) == 0


async def referred_paths(running: Running) -> set[str]:
    """Return the paths that a fact names, of everything that was ever stored."""
    async with open_log(running.database.url_for("submission")) as log:
        facts = [event.payload.decode() for event in await log.read_after(0)]
    return {
        path for path in files(running) if any(path in payload for payload in facts)
    }
