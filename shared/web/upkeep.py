"""What every service does beside its own work: its clock, old answers, its checks."""

import asyncio
import json
from datetime import timedelta

import structlog

from shared.clock import OffsetClock
from shared.eventlog import EventLog, PostgresEventLog
from shared.messaging import Messaging
from shared.projector import Projector
from shared.web.health import Checks
from shared.web.loops import Background

OFFSET_FACT = "submission.ClockOffsetSet"

FORGET_EVERY_SECONDS = 60 * 60.0
"""How often answers older than 30 days are looked for."""


def follow_offset(log: EventLog, clock: OffsetClock) -> Background:
    """Return a loop that keeps *clock* at the offset of a demonstration log."""

    async def follow() -> None:
        async for events, _ in log.follow(0, categories=("clock",)):
            for event in events:
                if event.type == OFFSET_FACT:
                    seconds = json.loads(event.payload)["offset_seconds"]
                    clock.set_offset(timedelta(seconds=seconds))

    return follow


def forget_answers(
    log: PostgresEventLog, *, every_seconds: float = FORGET_EVERY_SECONDS
) -> Background:
    """Return a loop that deletes answers to requests nobody will repeat any more.

    Source: architecture.md, "Idempotent requests".
    """

    async def forget() -> None:
        while True:
            if count := await log.forget_answers():
                structlog.get_logger().info("answers.forgotten", count=count)
            await asyncio.sleep(every_seconds)

    return forget


def checks_of(
    log: PostgresEventLog, messaging: Messaging, projector: Projector
) -> Checks:
    """Return what must hold of the parts that all services have, to be ready."""

    async def messages() -> str | None:
        health = messaging.health()
        return None if health.ready else health.reason

    async def read_models() -> str | None:
        return projector.problem

    return {"log": log.problem, "messaging": messages, "read models": read_models}
