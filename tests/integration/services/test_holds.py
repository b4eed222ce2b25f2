"""The office stops the clocks of a case, from its desk through the broker."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.embedded import BrokerProcess
from tests.integration.services.conftest import APPS
from tests.integration.services.journey import (
    COHORT,
    open_cohort,
    operations,
    register,
    reviewer,
    submitted_on_extension,
    waits_for,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Running,
    eventually,
    run_services,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


@pytest.fixture
async def desk_and_cases(
    migrated_database: FreshDatabase, broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    """Operations, submission and review, with the messages between them."""
    builds: dict[str, Any] = {
        name: (APPS[name].build, APPS[name].Settings)
        for name in ("submission", "review", "operations")
    }
    async with run_services(builds, migrated_database, broker, tmp_path) as running:
        yield running


async def test_a_hold_stops_the_clock_until_it_is_lifted(
    desk_and_cases: Running,
) -> None:
    """Source: domain.md section 3 (a clock can be stopped and restarted)."""
    office = operations(desk_and_cases)
    await open_cohort(office, days=30)
    await register(office, "ana", "participant")
    place = {"cohort_id": COHORT, "person_id": "ana"}
    case_id = (await office.post("/cases", place)).json()["case_id"]
    before = (await office.get(f"/cases/{case_id}/clock")).json()
    desk = desk_and_cases.as_person("operations", "olga", "operations")

    async def clock(*, is_held: bool) -> Any:
        found = (await office.get(f"/cases/{case_id}/clock")).json()
        return found if found["is_held"] is is_held else None

    placed = await desk.post(f"/cases/{case_id}/holds", {"reason": "office_error"})
    assert placed.is_success, placed.text
    held = await eventually(lambda: clock(is_held=True))
    assert held["closes_on"] > before["closes_on"]
    hold_id = placed.json()["hold_id"]
    lifted = await desk.post(f"/cases/{case_id}/holds/{hold_id}/lift", {})
    assert lifted.is_success, lifted.text
    after = await eventually(lambda: clock(is_held=False))
    assert after["closes_on"] == held["closes_on"]


async def test_a_hold_moves_the_day_a_review_is_due(
    desk_and_cases: Running, samples: tuple[Path, ...]
) -> None:
    """Source: domain.md section 3; S2 4.4: the month of a review stands still, too."""
    office = operations(desk_and_cases)
    await register(office, "rita", "reviewer")
    path = next(sample for sample in samples if sample.suffix == ".docx")
    case_id = (await submitted_on_extension(desk_and_cases, path))["case_id"]
    rita = reviewer(desk_and_cases, "rita")
    due = (await waits_for(rita, f"{case_id}.1.1"))["due_at"]
    desk = desk_and_cases.as_person("operations", "olga", "operations")
    placed = await desk.post(f"/cases/{case_id}/holds", {"reason": "office_error"})
    hold_id = placed.json()["hold_id"]
    await desk.post(f"/cases/{case_id}/holds/{hold_id}/lift", {})

    async def moved() -> timedelta | None:
        later = (await waits_for(rita, f"{case_id}.1.1"))["due_at"]
        return datetime.fromisoformat(later) - datetime.fromisoformat(due) or None

    assert (await eventually(moved)).total_seconds() > 0
