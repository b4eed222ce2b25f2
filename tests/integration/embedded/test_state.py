"""The state directory: ours alone, and of our format."""

import multiprocessing
import os
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from shared.embedded.lock import DirectoryInUseError, DirectoryLock
from shared.embedded.state import (
    FORMAT,
    NotAStateDirectoryError,
    StateDirectory,
    StateFormatError,
)


def hold(directory: Path, held: Event) -> None:
    """Hold *directory* until killed (runs in a process of its own)."""
    DirectoryLock(directory).acquire()
    held.set()
    multiprocessing.Event().wait()


class TestStateDirectory:
    def test_is_created_with_its_format(self, tmp_path: Path) -> None:
        with StateDirectory(tmp_path / "deep" / "state") as state:
            assert (state.path / "format").read_text().strip() == FORMAT

    def test_can_be_acquired_again_after_release(self, tmp_path: Path) -> None:
        with StateDirectory(tmp_path / "state"):
            pass
        with StateDirectory(tmp_path / "state"):
            pass

    def test_continues_a_first_start_that_was_killed(self, tmp_path: Path) -> None:
        (tmp_path / "lock").touch()
        (tmp_path / "format.partial").touch()
        with StateDirectory(tmp_path) as state:
            assert (state.path / "format").exists()

    def test_is_held_by_one_at_a_time_even_in_one_process(self, tmp_path: Path) -> None:
        with (
            StateDirectory(tmp_path / "state"),
            pytest.raises(DirectoryInUseError, match=f"process {os.getpid()}"),
            StateDirectory(tmp_path / "state"),
        ):
            pass

    def test_refuses_another_format_and_names_the_remedy(self, tmp_path: Path) -> None:
        (tmp_path / "format").write_text("attest-state/99\n")
        with (
            pytest.raises(StateFormatError, match=r"'attest-state/99'.*mv ") as refused,
            StateDirectory(tmp_path),
        ):
            pass
        assert str(tmp_path) in str(refused.value)
        assert StateDirectory.holder_of(tmp_path) is None

    def test_refuses_a_directory_with_things_of_others_and_leaves_it_alone(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "thesis.docx").touch()
        with (
            pytest.raises(NotAStateDirectoryError, match=r"thesis\.docx.*choose"),
            StateDirectory(tmp_path),
        ):
            pass
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]

    def test_refuses_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "state").touch()
        with (
            pytest.raises(NotAStateDirectoryError, match="not a directory"),
            StateDirectory(tmp_path / "state"),
        ):
            pass

    def test_refuses_a_path_that_cannot_be_created(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            pytest.raises(NotAStateDirectoryError, match="cannot be created"),
            StateDirectory(tmp_path / "file" / "state"),
        ):
            pass

    def test_gives_parts_to_nobody_else(self, tmp_path: Path) -> None:
        with StateDirectory(tmp_path / "state") as state:
            assert state.part("keys").stat().st_mode & 0o777 == 0o700


class TestDirectoryLock:
    def test_ends_with_its_holder_killed(self, tmp_path: Path) -> None:
        context = multiprocessing.get_context("spawn")
        held = context.Event()
        holder = context.Process(target=hold, args=(tmp_path, held))
        holder.start()
        try:
            assert held.wait(20)
            with pytest.raises(DirectoryInUseError, match=f"process {holder.pid}"):
                DirectoryLock(tmp_path).acquire()
        finally:
            holder.kill()
            holder.join()
        lock = DirectoryLock(tmp_path)
        lock.acquire()
        lock.release()

    def test_refuses_to_announce_what_it_does_not_hold(self, tmp_path: Path) -> None:
        with pytest.raises(DirectoryInUseError):
            DirectoryLock(tmp_path).announce("http://127.0.0.1:8080")
