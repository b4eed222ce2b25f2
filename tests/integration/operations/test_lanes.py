"""Parked lanes over HTTP: a message that nobody can read, and what becomes of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

import services.operations.app
import services.review.app
from shared.database import open_pool
from shared.embedded import BrokerProcess
from shared.ids import new_id
from tests.integration.operations.parking import park
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Client,
    Running,
    eventually,
    run_services,
)

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

REASON = {"reason": "The sender has mended it."}


@pytest.fixture
async def with_review(
    migrated_database: FreshDatabase, own_broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    """Operations and review, which reads messages."""
    builds: dict[str, Any] = {
        "operations": (services.operations.app.build, services.operations.app.Settings),
        "review": (services.review.app.build, services.review.app.Settings),
    }
    async with run_services(builds, migrated_database, own_broker, tmp_path) as running:
        yield running


def desk(running: Running) -> Client:
    return running.as_person("operations", "olga", "operations")


async def send_unreadable(broker: BrokerProcess, key: str, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap_servers)
    await producer.start()
    try:
        for _ in range(count):
            await producer.send_and_wait(
                "submission.v1",
                b"secret text",
                key=key.encode(),
                headers=[("ce_id", str(new_id()).encode())],
            )
    finally:
        await producer.stop()


async def lanes(client: Client) -> list[dict[str, Any]]:
    answer = await client.get("/parked")
    assert "secret text" not in answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def decide(client: Client, lane: dict[str, Any], action: str) -> None:
    answer = await client.post(f"/parked/{lane['lane_id']}/{action}", REASON)
    assert answer.status_code == 202, answer.text


class TestParkedMessages:
    async def test_are_listed_given_up_and_handled_again(
        self, with_review: Running, own_broker: BrokerProcess
    ) -> None:
        client = desk(with_review)
        await send_unreadable(own_broker, "c-1", 2)

        async def both_wait() -> dict[str, Any] | None:
            found = await lanes(client)
            return found[0] if found and found[0]["waiting"] == 2 else None

        lane = await eventually(both_wait)
        assert (lane["consumer"], lane["key"]) == ("review", "c-1")
        assert (lane["status"], lane["problem"]) == ("parked", "unreadable_headers")

        await decide(client, lane, "discard")

        async def one_waits() -> dict[str, Any] | None:
            found = await lanes(client)
            return found[0] if found and found[0]["waiting"] == 1 else None

        rest = await eventually(one_waits)
        assert rest["status"] == "parked"
        assert rest["head_event_id"] != lane["head_event_id"]

        # Nothing was mended, so it is parked again: the decision was carried out.
        await decide(client, lane, "release")

        async def tried_again() -> bool:
            return await _decided(with_review.database, "release")

        await eventually(tried_again)
        await decide(client, lane, "discard")

        async def none_waits() -> bool:
            return await lanes(client) == []

        await eventually(none_waits)
        facts = (await client.get("/events", category="desk")).json()["items"]
        assert [fact["type"] for fact in facts] == [
            "operations.Discarded",
            "operations.Released",
            "operations.Discarded",
        ]
        assert {fact["metadata"]["role"] for fact in facts} == {"operations"}
        assert facts[0]["payload"]["reason"] == {"sealed_for": "olga"}


class TestParkedLanes:
    async def test_are_listed_page_by_page(self, running: Running) -> None:
        async with open_pool(running.database.url_for("operations")) as pool:
            ids = [await park(pool, f"key-{number}") for number in range(5)]
        client = desk(running)
        first = (await client.get("/parked", limit=3)).json()
        rest = (await client.get("/parked", limit=3, after=first["next"])).json()
        found = [lane["lane_id"] for lane in (*first["items"], *rest["items"])]
        assert (found, rest["next"]) == (ids, None)

    @pytest.mark.parametrize("action", ["release", "discard"])
    async def test_are_decided_about_only_while_they_wait(
        self, running: Running, action: str
    ) -> None:
        client = desk(running)
        for lane_id in (str(new_id()), "no-id"):
            answer = await client.post(f"/parked/{lane_id}/{action}", REASON)
            assert answer.status_code == 404

    async def test_are_decided_about_once_however_often_it_is_asked(
        self, running: Running
    ) -> None:
        async with open_pool(running.database.url_for("operations")) as pool:
            lane_id = await park(pool, "key", 1, 2)
        client = desk(running)
        path = f"/parked/{lane_id}/discard"
        first = await client.post(path, REASON, key="key-0001")
        again = await client.post(path, REASON, key="key-0001")
        assert first.json() == again.json()
        facts = (await client.get("/events", category="desk")).json()["items"]
        assert len(facts) == 1

    async def test_need_a_reason(self, running: Running) -> None:
        async with open_pool(running.database.url_for("operations")) as pool:
            lane_id = await park(pool, "key")
        answer = await desk(running).post(
            f"/parked/{lane_id}/release", {"reason": "no"}
        )
        assert answer.status_code == 422


async def _decided(database: FreshDatabase, kind: str) -> bool:
    async with open_pool(database.url) as pool:
        found: bool = await pool.fetchval(
            "SELECT EXISTS (SELECT FROM messaging.lane_decision WHERE kind = $1)", kind
        )
        return found
