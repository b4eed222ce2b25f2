"""Viva as it really runs, and who speaks to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

import services.viva.app
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

VIVA = {"viva": (services.viva.app.build, services.viva.app.Settings)}


@dataclass(frozen=True, slots=True)
class Place:
    """Viva, running, and two services that speak."""

    running: Running
    submission: Teller
    moderation: Teller

    def office(self) -> Client:
        return self.running.as_person("viva", "olga", "operations")

    def participant(self, person_id: str) -> Client:
        return self.running.as_person("viva", person_id, "participant")

    def lead(self, person_id: str = "lena") -> Client:
        return self.running.as_person("viva", person_id, "lead_moderator")

    def head(self, person_id: str = "hugo") -> Client:
        return self.running.as_person("viva", person_id, "panel_member")

    async def go_on(self, days: int) -> None:
        """Let so many days pass, in every service of this demonstration log."""
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
            stream="clock-demonstration", expected_version=0, events=(event,)
        )
        await self.submission.log.append(UnitOfWork(writes=(write,)))


@pytest.fixture
async def place(
    fresh_database: FreshDatabase, own_broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Place]:
    """Viva on a demonstration log, whose clock can be moved."""
    await migrate(
        fresh_database.url,
        role_passwords=passwords(fresh_database.server),
        demonstration=True,
    )
    async with (
        run_services(VIVA, fresh_database, own_broker, tmp_path) as running,
        telling("submission", fresh_database, own_broker) as submission,
        telling("moderation", fresh_database, own_broker) as moderation,
    ):
        yield Place(running, submission, moderation)
