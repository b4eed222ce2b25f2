"""The broker loses everything, and comes back with more than it had: the wrong things.

Nobody who compares lengths would notice: each partition is longer than before. Only the
identity of the record at the last confirmed place tells.
"""

import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from aiokafka import ConsumerRecord

from services.cli.demo.handing_in import submit_in_time
from services.cli.demo.office import publish_plan
from shared.embedded import BrokerProcess, Mailbox
from shared.messaging import create_topics
from tests.faults.system import broker_records as broker_of
from tests.faults.system.broker_records import TOPICS, type_of
from tests.faults.system.playing import PARTICIPANTS, failed, play_through
from tests.support.embedded import FreshDatabase
from tests.support.separate import EMBEDDED_BROKER, Given, Separate, run_separate

SUBMITTED = "submission.Submitted.v1"
STRANGER = "submission.RoleGranted.v1"
WAIT_SECONDS = 30.0


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[BrokerProcess]:
    """A broker of this test's own, as it will be killed."""
    broker = BrokerProcess(tmp_path / "broker")
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


@pytest.fixture
async def separate(
    fresh_database: FreshDatabase,
    broker: BrokerProcess,
    mailbox: Mailbox,
    tmp_path: Path,
) -> AsyncIterator[Separate]:
    given = Given(
        database=fresh_database,
        kafka_bootstrap_servers=broker.bootstrap_servers,
        smtp_url=mailbox.smtp_url,
        directory=tmp_path,
        keystore_url=f"sqlite:///{tmp_path / 'keys.sqlite3'}",
        more=EMBEDDED_BROKER,
    )
    async with run_separate(given) as separate:
        yield separate


@dataclass(slots=True)
class Refill:
    """Review stands still while portfolios come in; then their messages are lost."""

    separate: Separate
    broker: BrokerProcess
    database: FreshDatabase
    requests_before: int = -1

    async def pause_review(self) -> None:
        """Let review hear nothing of what is submitted from now on."""
        self._signal(signal.SIGSTOP, "review")

    async def wipe_and_refill(self) -> None:
        """Replace all records by more, of which none is a portfolio; let all go on."""
        address = self.broker.bootstrap_servers
        await self._published()
        self._signal(signal.SIGSTOP, *self.separate.processes)
        before = await broker_of.lengths(address)
        strangers = [
            record
            for record in await broker_of.records(address)
            if type_of(record) == STRANGER
        ]
        await self.broker.restart()
        await create_topics(address, TOPICS, replication_factor=1)
        numbers = {
            place: length + 2
            for place, length in before.items()
            if place.topic == strangers[0].topic
        }
        await broker_of.fill(address, strangers[0], numbers)
        after = await broker_of.lengths(address)
        assert all(after[place] > before[place] for place in numbers), "the control"
        self.requests_before = await self._facts("review.Requested")
        self._signal(signal.SIGCONT, *self.separate.processes)

    async def _published(self) -> None:
        """Wait until every portfolio is in the broker, for review to be read."""
        submitted = await self._facts("submission.Submitted")
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = await broker_of.records(self.broker.bootstrap_servers)
            told = {_id_of(record) for record in found if type_of(record) == SUBMITTED}
            if len(told) == submitted:
                return
            assert time.monotonic() < deadline, "portfolios were not published"

    async def _facts(self, type_: str) -> int:
        connection = await asyncpg.connect(self.database.url)
        try:
            question = "SELECT count(*) FROM log.event WHERE type = $1"
            count: int = await connection.fetchval(question, type_)
            return count
        finally:
            await connection.close()

    def _signal(self, number: signal.Signals, *services: str) -> None:
        for service in services:
            os.kill(self.separate.processes[service].pid, number)


def _id_of(record: ConsumerRecord) -> bytes:
    """Return the id of a message: a relay may publish one twice."""
    return bytes(dict(record.headers)["ce_id"])


class TestRefilledBroker:
    @pytest.mark.timeout(240)
    async def test_is_noticed_and_everything_is_published_again(
        self,
        separate: Separate,
        broker: BrokerProcess,
        fresh_database: FreshDatabase,
        mailbox: Mailbox,
    ) -> None:
        refill = Refill(separate, broker, fresh_database)
        findings = await play_through(
            separate.url,
            after={
                publish_plan: refill.pause_review,
                submit_in_time: refill.wipe_and_refill,
            },
        )
        assert refill.requests_before == 0, "the control: the broker had all of them"
        assert failed(findings) == []
        assert mailbox.count >= 2 * PARTICIPANTS, "a receipt and a decision each"
