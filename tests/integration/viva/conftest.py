"""Viva as it really runs, and who speaks to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

import services.viva.app
from services.submission.domain.clock.events import ClockOffsetSet
from services.viva.settings import Settings
from shared.clock import utc_now
from shared.database import migrate
from shared.embedded import BrokerProcess
from shared.eventlog import Codec, Metadata, StreamWrite, UnitOfWork
from shared.ids import new_id
from tests.support.embedded import FreshDatabase
from tests.support.event_log import passwords
from tests.support.running_services import Client, Running, run_services
from tests.support.serving import free_port, served
from tests.support.telling import Teller, telling

ARRANGED = {"c2": ["extra_time", "interpreter"]}
"""What submission says was agreed for vivas, by case."""


def submission_answering() -> FastAPI:
    """Return what viva asks of submission, answered for the cases of these tests."""
    app = FastAPI()

    @app.get("/internal/cases/{case_id}/arrangements")
    async def arrangements(case_id: str, on: date) -> dict[str, list[str]]:
        assert on > date(2026, 1, 1)
        return {"viva": ARRANGED.get(case_id, [])}

    return app


@dataclass(frozen=True, slots=True)
class Place:
    """Viva, running, and three services that speak."""

    running: Running
    submission: Teller
    moderation: Teller
    operations: Teller

    def office(self) -> Client:
        return self.running.as_person("viva", "olga", "operations")

    def participant(self, person_id: str) -> Client:
        return self.running.as_person("viva", person_id, "participant")

    def lead(self, person_id: str = "lena") -> Client:
        return self.running.as_person("viva", person_id, "lead_moderator")

    def head(self, person_id: str = "hugo") -> Client:
        return self.running.as_person("viva", person_id, "panel_member")

    async def go_on(self, days: int) -> None:
        """Let it be so many days later, in every service of this demonstration log."""
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
        stream = "clock-demonstration"
        before = len(await self.submission.log.read_stream(stream))
        write = StreamWrite(stream=stream, expected_version=before, events=(event,))
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
    port = free_port()
    url = f"http://127.0.0.1:{port}/submission"

    def settings(**common: Any) -> Settings:
        return Settings(**common, submission_url=url, viva_reminder_check_seconds=0.2)

    viva: dict[str, Any] = {"viva": (services.viva.app.build, settings)}
    async with (
        served({"submission": submission_answering()}, port),
        run_services(viva, fresh_database, own_broker, tmp_path) as running,
        telling("submission", fresh_database, own_broker) as submission,
        telling("moderation", fresh_database, own_broker) as moderation,
        telling("operations", fresh_database, own_broker) as operations,
    ):
        yield Place(running, submission, moderation, operations)
