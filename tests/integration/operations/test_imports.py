"""A list of people goes into the directory of submission, or it is said why not."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import services.operations.app
import services.submission.app
from shared.embedded import BrokerProcess
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Client,
    Running,
    eventually,
    run_services,
)
from tests.support.serving import free_port, served

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

HEADER = "id,name,email,organisation,roles\n"
RITA = "rita,Rita Reader,rita@example.org,south-college,reviewer\n"
MORE = "".join(
    f"p-{number},Person,p{number}@example.org,south-college,mentor\n"
    for number in range(20)
)


@pytest.fixture
async def both(
    migrated_database: FreshDatabase, own_broker: BrokerProcess, tmp_path: Path
) -> AsyncIterator[Running]:
    """Operations and submission, able to ask each other."""
    port = free_port()
    apps = {
        "operations": services.operations.app,
        "submission": services.submission.app,
    }
    urls = {f"{name}_url": f"http://127.0.0.1:{port}/{name}" for name in apps}

    def with_urls(settings: Callable[..., Any]) -> Callable[..., Any]:
        return lambda **common: settings(**common, **urls)

    builds: dict[str, Any] = {
        name: (module.build, with_urls(module.Settings))
        for name, module in apps.items()
    }
    async with (
        run_services(builds, migrated_database, own_broker, tmp_path) as running,
        served(running.apps, port),
    ):
        yield running


async def imported(
    client: Client, content: str, *, key: str | None = None
) -> httpx.Response:
    return await client.post("/imports", key=key, content=content.encode())


async def directory(client: Client, count: int) -> set[str]:
    """Return who is in the directory once there are so many."""

    async def look() -> set[str] | None:
        items = (await client.get("/people", limit=100)).json()["items"]
        return {item["person_id"] for item in items} if len(items) == count else None

    return await eventually(look)


class TestImports:
    async def test_put_every_person_into_the_directory_once(
        self, both: Running
    ) -> None:
        """Source: domain.md section 1: the directory is filled by imports."""
        desk = both.as_person("operations", "olga", "operations")
        first = await imported(desk, HEADER + RITA + MORE)
        again = await imported(desk, HEADER + RITA + MORE)
        assert (first.status_code, first.json()["people"]) == (201, 21), first.text
        assert again.status_code == 201
        people = both.as_person("submission", "olga", "operations")
        assert "rita" in await directory(people, 21)
        (fact,) = (await desk.get("/events", category="desk")).json()["items"]
        assert (fact["metadata"]["actor"], fact["metadata"]["role"]) == (
            "olga",
            "operations",
        )

    async def test_name_every_line_that_was_refused_and_take_the_others(
        self, both: Running
    ) -> None:
        """What is wrong is mended, and the whole list sent again."""
        people = both.as_person("submission", "olga", "operations")
        other = {
            "id": "sam",
            "name": "Sam",
            "email": "rita@example.org",
            "organisation": "south-college",
            "roles": ["reviewer"],
        }
        assert (await people.post("/people", other)).status_code == 201
        desk = both.as_person("operations", "olga", "operations")
        refused = await imported(desk, HEADER + RITA + MORE, key="key-0001")
        assert refused.status_code == 422
        assert refused.json()["type"].endswith(":RowsRefused")
        (problem,) = refused.json()["context"]["problems"]
        assert problem.startswith("line 2: ")
        assert "AddressTaken" in problem
        assert "rita@example.org" not in refused.text
        assert "rita" not in await directory(people, 21)
        mended = RITA.replace("rita@", "rita.reader@")
        again = await imported(desk, HEADER + mended + MORE, key="key-0001")
        assert (again.status_code, again.json()["people"]) == (201, 21), again.text


class TestImportsAlone:
    async def test_say_that_the_directory_is_away(self, running: Running) -> None:
        desk = running.as_person("operations", "olga", "operations")
        answer = await imported(desk, HEADER + RITA)
        assert answer.status_code == 503
        assert answer.json()["context"]["service"] == "submission"
