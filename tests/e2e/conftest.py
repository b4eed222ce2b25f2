"""One running attest for all journeys, embedded, with the samples in it."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.submission.documents.samples import generate_portfolio
from tests.e2e.terminal import Terminal
from tests.support.embedded import run_outside_tests
from tests.support.processes import STOP_SECONDS, AttestUp


@pytest.fixture(scope="session")
def attest_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttestUp]:
    """``attest up``, ready."""
    up = AttestUp(tmp_path_factory.mktemp("attest"), samples=True)
    run_outside_tests(up.start())
    try:
        yield up
    finally:
        run_outside_tests(up.child.stop(signal.SIGTERM, grace_seconds=STOP_SECONDS))


@pytest.fixture
def terminal(attest_up: AttestUp) -> Terminal:
    """A terminal of somebody who works with the running attest."""
    return Terminal({"ATTEST_URL": attest_up.url})


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A generated workbook."""
    name, content = generate_portfolio(4_711, template="workbook")
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A generated phases folder."""
    name, content = generate_portfolio(4_712, template="phases")
    packed = tmp_path / name
    packed.write_bytes(content)
    shutil.unpack_archive(packed, tmp_path / "folder")
    return tmp_path / "folder"
