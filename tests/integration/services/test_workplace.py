"""Uploads lie in clear while they are read; no process leaves them behind."""

import signal
import subprocess
import sys
from pathlib import Path

from services.submission.gateways import Workplace
from services.submission.gateways.workplace import remove_abandoned

KILLED = """
import sys, time
from pathlib import Path
from services.submission.gateways import Workplace

place = Workplace.open(Path(sys.argv[1]))
(place.folder / "upload").write_text("in clear")
print(place.folder, flush=True)
time.sleep(600)
"""


def left_in(directory: Path) -> list[Path]:
    return sorted(directory.iterdir())


class TestWorkplace:
    """Source: architecture.md, "Personal data"; deploy/README.md, WORK_DIRECTORY."""

    def test_is_a_folder_for_this_account_alone_and_gone_at_the_end(
        self, tmp_path: Path
    ) -> None:
        place = Workplace.open(tmp_path / "work")
        assert place.folder.stat().st_mode & 0o777 == 0o700
        (place.folder / "upload").write_text("in clear")
        place.close()
        assert left_in(tmp_path / "work") == []

    def test_is_each_process_s_own(self, tmp_path: Path) -> None:
        first, second = (Workplace.open(tmp_path) for _ in range(2))
        assert first.folder != second.folder
        assert first.folder.exists()
        assert remove_abandoned(tmp_path) == 0
        first.close()
        assert second.folder.exists()
        second.close()
        assert left_in(tmp_path) == []

    def test_of_a_killed_process_is_removed_by_the_next(self, tmp_path: Path) -> None:
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout is not None
            folder = Path(child.stdout.readline().strip())
            assert remove_abandoned(tmp_path) == 0, "it is at work"
        finally:
            child.send_signal(signal.SIGKILL)
            child.communicate()
        assert (folder / "upload").exists()
        place = Workplace.open(tmp_path)
        assert not folder.exists()
        place.close()
        assert left_in(tmp_path) == []
