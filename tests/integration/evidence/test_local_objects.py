"""Files in a directory: on disk, complete and private before a fact refers to them."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from shared.crypto import KeyRing
from shared.errors import UnavailableError
from shared.evidence import BlobMissingError, EvidenceUrlError, open_blob_store
from shared.evidence.objects import LocalObjects, open_objects
from tests.support.keys import fixed_clock, memory_keystore

PATH = f"ana/{'a' * 64}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch, root: Path) -> list[str]:
    """What was forced to disk, in order, and whether the file was in place then."""
    happened: list[str] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        really(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        place = "in place" if (root / PATH).exists() else "aside"
        name = "file" if path.is_file() else path.relative_to(root.parent).as_posix()
        happened.append(f"{name} {place}")

    monkeypatch.setattr(os, "fsync", fsync)
    return happened


class TestLocalObjects:
    async def test_forces_the_file_to_disk_before_it_is_in_place_and_its_names_after(
        self, root: Path, forced: list[str]
    ) -> None:
        objects = LocalObjects(root)
        forced.clear()

        await objects.put(PATH, b"content")

        assert forced == ["file aside", "evidence/ana in place", "evidence in place"]

    async def test_removes_what_is_there_and_what_is_not(self, root: Path) -> None:
        objects = LocalObjects(root)
        await objects.put(PATH, b"content")
        for _ in range(2):
            await objects.remove(PATH)
            with pytest.raises(BlobMissingError):
                await objects.size_bytes(PATH)

    async def test_removes_at_its_start_what_a_killed_process_left_aside(
        self, root: Path
    ) -> None:
        staging = root / ".staging"
        staging.mkdir(parents=True)
        abandoned, begun = staging / "abandoned", staging / "begun"
        abandoned.write_bytes(b"half")
        begun.write_bytes(b"half")
        yesterday = time.time() - 25 * 60 * 60
        os.utime(abandoned, (yesterday, yesterday))
        LocalObjects(root)
        assert list(staging.iterdir()) == [begun]

    async def test_does_not_lean_on_obstore_which_forces_nothing(
        self, root: Path, forced: list[str]
    ) -> None:
        objects = LocalObjects(root)
        forced.clear()

        await super(LocalObjects, objects).put(PATH, b"content")

        assert forced == []

    async def test_gives_back_what_was_put(self, root: Path) -> None:
        objects = LocalObjects(root)

        await objects.put(PATH, b"content")

        assert await objects.size_bytes(PATH) == 7
        assert await objects.read(PATH, 1, 4) == b"ont"

    async def test_takes_the_same_file_from_many_at_once(self, root: Path) -> None:
        objects = LocalObjects(root)

        await asyncio.gather(*[objects.put(PATH, b"content") for _ in range(20)])

        assert files_below(root) == [PATH]
        assert await objects.read(PATH, 0, 7) == b"content"

    async def test_keeps_others_out(self, root: Path) -> None:
        await LocalObjects(root).put(PATH, b"content")

        assert mode_of(root) == 0o700

    async def test_leaves_nothing_behind_when_it_fails(self, root: Path) -> None:
        objects = LocalObjects(root)
        (root / "ana").write_bytes(b"a file where a directory should be")

        with pytest.raises(UnavailableError, match="evidence store"):
            await objects.put(PATH, b"content")

        assert files_below(root) == ["ana"]

    async def test_says_that_a_file_is_missing(self, root: Path) -> None:
        objects = LocalObjects(root)

        with pytest.raises(BlobMissingError) as missing:
            await objects.size_bytes(PATH)
        with pytest.raises(BlobMissingError):
            await objects.read(PATH, 0, 1)

        assert missing.value.context == {"path": PATH}


class TestOpenBlobStore:
    async def test_finds_what_an_earlier_process_stored(self, root: Path) -> None:
        keystore = memory_keystore()
        url = f"file://{root}"
        content = os.urandom(3_000_000)
        blob = await open_blob_store(url, KeyRing(keystore, fixed_clock)).put(
            "ana", content
        )

        later = open_blob_store(url, KeyRing(keystore, fixed_clock))

        assert await later.get(blob.path, content_hash=blob.content_hash) == content
        assert files_below(root) == [blob.path]

    def test_takes_a_path_with_spaces(self, tmp_path: Path) -> None:
        open_objects(f"file://{tmp_path}/our%20evidence")

        assert (tmp_path / "our evidence").is_dir()

    @pytest.mark.parametrize(
        "url",
        ["", "/evidence", "file://", "file://host/evidence", "s3://", "ftp://h/e"],
    )
    def test_refuses_a_url_of_another_form(self, url: str) -> None:
        with pytest.raises(EvidenceUrlError, match="EVIDENCE_URL"):
            open_objects(url)


def mode_of(path: Path) -> int:
    """Return who may do what with *path*."""
    return path.stat().st_mode & 0o777


def files_below(root: Path) -> list[str]:
    """Return the files below *root*, relative to it."""
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path.relative_to(root).as_posix() for path in found)
