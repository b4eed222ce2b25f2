"""A service does not start on a programme file that was edited in its old version."""

from pathlib import Path

import pytest

from shared.embedded import BrokerProcess
from shared.programmes import ProgrammeEditedError
from tests.integration.services.conftest import SUBMISSION
from tests.integration.services.journey import open_cohort, operations
from tests.support.embedded import FreshDatabase
from tests.support.programmes import further_programmes, version
from tests.support.running_services import LEAKED_AT_STOP, run_services

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


async def test_an_edited_file_is_refused_at_the_next_start(
    migrated_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Source: domain.md section 2: a later version never re-interprets."""
    monkeypatch.setattr("services.submission.app.consumers.build", lambda *_: {})
    folder, state = tmp_path / "programmes", tmp_path / "state"
    folder.mkdir()
    state.mkdir()
    place = (SUBMISSION, migrated_database, broker, state)
    with further_programmes(folder, fourth=version("2026.1", "2026.1", code="FOURTH")):
        async with run_services(*place) as running:
            await open_cohort(operations(running), days=30, programme="FOURTH")
    edited = version("2026.1", "2026.1", code="FOURTH", title="Something else")
    with (
        further_programmes(folder, fourth=edited),
        pytest.raises(ProgrammeEditedError) as refused,
    ):
        async with run_services(*place):
            pass
    assert "fourth.yaml: programme_version: 2026.1" in str(refused.value)
    raised = version("2026.2", "2026.1", code="FOURTH", title="Something else")
    first = version("2026.1", "2026.1", code="FOURTH")
    with further_programmes(folder, fourth=first, later=raised):
        async with run_services(*place) as running:
            await open_cohort(
                operations(running), days=60, cohort="later", programme="FOURTH"
            )
