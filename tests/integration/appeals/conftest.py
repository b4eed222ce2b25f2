"""Appeals and the desk as they really run, and who speaks to them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import services.appeals.app
import services.operations.app
from services.submission.domain.clock.events import ClockOffsetSet
from shared.clock import utc_now
from shared.database import migrate
from shared.embedded import BrokerProcess
from shared.eventlog import Codec, Metadata, StreamWrite, UnitOfWork
from shared.ids import new_id
from tests.support.embedded import FreshDatabase
from tests.support.event_log import passwords
from tests.support.running_services import Client, Running, run_services
from tests.support.telling import Teller, telling


def _often(**common: Any) -> services.appeals.app.Settings:
    return services.appeals.app.Settings(**common, appeals_overdue_check_seconds=0.2)


APPS: dict[str, Any] = {
    "appeals": (services.appeals.app.build, _often),
    "operations": (services.operations.app.build, services.operations.app.Settings),
}
TELLERS = ("submission", "review", "moderation", "viva")


@dataclass(slots=True)
class Place:
    """Appeals and operations, running, and the services that speak to them."""

    running: Running
    tellers: dict[str, Teller]
    moved: int = 0

    def office(self) -> Client:
        return self.running.as_person("appeals", "olga", "operations")

    def desk(self) -> Client:
        return self.running.as_person("operations", "olga", "operations")

    def participant(self, person_id: str = "ana") -> Client:
        return self.running.as_person("appeals", person_id, "participant")

    def panel(self, person_id: str) -> Client:
        return self.running.as_person("appeals", person_id, "appeal_panel")

    async def go_on(self, days: int) -> None:
        """Let the clock run so many days ahead of the wall clock."""
        submission = self.tellers["submission"]
        codec = Codec(ClockOffsetSet)
        fact = ClockOffsetSet(
            offset_seconds=int(timedelta(days=days).total_seconds()),
            occurred_at=utc_now(),
        )
        cause = new_id()
        metadata = Metadata(
            actor="a", role="r", correlation_id=cause, causation_id=cause
        )
        event = codec.encode(fact, event_id=new_id(), metadata=metadata)
        write = StreamWrite(
            stream="clock-demonstration",
            expected_version=self.moved,
            events=(event,),
        )
        await submission.log.append(UnitOfWork(writes=(write,)))
        self.moved += 1


@pytest.fixture
async def place(
    fresh_database: FreshDatabase, own_broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Place]:
    """Appeals and operations on a demonstration log, whose clock can be moved."""
    await migrate(
        fresh_database.url,
        role_passwords=passwords(fresh_database.server),
        demonstration=True,
    )
    async with (
        run_services(APPS, fresh_database, own_broker, tmp_path) as running,
        AsyncExitStack() as stack,
    ):
        tellers = {
            name: await stack.enter_async_context(
                telling(name, fresh_database, own_broker)
            )
            for name in TELLERS
        }
        yield Place(running, tellers)
