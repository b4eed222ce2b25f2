"""What operators and auditors can see: timelines, events, whether the log is whole."""

import json
from typing import Any

import asyncpg
import httpx
import pytest

from shared.decider import Fact
from shared.web.requests import cursor
from tests.integration.operations.writing import (
    appointed,
    enrolled,
    moved,
    nominated,
    noted,
    stood_down,
    write,
    write_as,
)
from tests.support.embedded import FreshDatabase
from tests.support.running_services import Client, Running


@pytest.fixture
def auditor(running: Running) -> Client:
    return running.as_person("operations", "vera", "auditor")


async def paged(client: Client, path: str, **query: str | int) -> list[list[Any]]:
    """Return the items of every page."""
    pages: list[list[Any]] = []
    more: dict[str, str] = {}
    while True:
        page = (await client.get(path, **query, **more)).json()
        pages.append(page["items"])
        if page["next"] is None:
            return pages
        more = {"after": page["next"]}


class TestTimeline:
    async def test_tells_what_happened_to_a_case_in_order(
        self, running: Running, auditor: Client
    ) -> None:
        await write(running.database, "case-c-1", nominated(), moved(1))
        await write(running.database, "case-c-2", nominated(case_id="c-2"))
        auditor.reached.position = await write(running.database, "case-c-1", moved(2))
        answer = await auditor.get("/cases/c-1/timeline")
        found = [
            (line["position"], line["what"], line["actor"], line["role"])
            for line in answer.json()["items"]
        ]
        assert found == [
            (1, "Mentor nominated", "olga", "operations"),
            (2, "Deadline of this case moved", "olga", "operations"),
            (4, "Deadline of this case moved", "olga", "operations"),
        ]

    async def test_tells_what_was_known_at_a_position(
        self, running: Running, auditor: Client
    ) -> None:
        facts = [nominated(), *(moved(day) for day in range(1, 7))]
        auditor.reached.position = await write(running.database, "case-c-1", *facts)
        pages = await paged(auditor, "/cases/c-1/timeline", as_of=5, limit=2)
        assert [[line["position"] for line in page] for page in pages] == [
            [1, 2],
            [3, 4],
            [5],
        ]

    async def test_knows_no_case_that_nothing_happened_to(
        self, auditor: Client
    ) -> None:
        answer = await auditor.get("/cases/c-1/timeline")
        assert (answer.status_code, answer.json()["type"]) == (
            404,
            "urn:attest:problem:UnknownCase",
        )


class TestWhoModerates:
    """Source: moderation.md 4: first marks are in no response to a blind moderator."""

    @pytest.fixture
    async def both(self, running: Running) -> Client:
        """Somebody of the office who moderates, whatever their token says."""
        asker = running.as_person("operations", "odo", "operations")
        asker.reached.position = await write(running.database, "case-c-1", enrolled())
        return asker

    async def standing(self, running: Running, *facts: Fact) -> None:
        await write_as("moderation", running.database, "standing-odo", *facts)

    async def test_reads_no_timeline_until_they_stand_down(
        self, running: Running, both: Client
    ) -> None:
        assert (await both.get("/cases/c-1/timeline")).is_success
        await self.standing(running, appointed("odo"))
        refused = await both.get("/cases/c-1/timeline")
        assert (refused.status_code, refused.json()["type"]) == (
            403,
            "urn:attest:problem:StillModerates",
        )
        assert refused.json()["context"]["stand_down"] == (
            "POST /cohorts/ats-2025-10/stand-down of moderation"
        )
        await self.standing(running, stood_down("odo", "ats-2026-10"))
        assert (await both.get("/cases/c-1/timeline")).is_client_error
        await self.standing(running, stood_down("odo", "ats-2025-10"))
        assert (await both.get("/cases/c-1/timeline")).is_success

    async def test_reads_only_events_in_which_nothing_is_judged(
        self, running: Running, both: Client
    ) -> None:
        await self.standing(running, appointed("odo"))
        assert (await both.get("/events", category="case")).is_success
        for asked in ({}, {"category": "review"}, {"category": "draw"}):
            refused = await both.get("/events", **asked)
            assert refused.json()["type"] == "urn:attest:problem:ShowsJudgements"
            assert "case" in refused.json()["context"]["categories"]

    async def test_reads_nothing_that_names_who_judges(
        self, running: Running, both: Client
    ) -> None:
        assert (await both.get("/refusals")).is_success
        await self.standing(running, appointed("odo"))
        refused = await both.get("/refusals")
        assert refused.json()["type"] == "urn:attest:problem:NamesWhoJudges"


class TestOwnTimeline:
    """Source: domain.md section 1: a participant sees their own timeline."""

    async def test_tells_a_participant_what_happened_and_names_nobody(
        self, running: Running
    ) -> None:
        facts = (enrolled(), nominated(), noted(), moved(1))
        last = await write(running.database, "case-c-1", *facts)
        ana = running.as_person("operations", "ana", "participant")
        ana.reached.position = last
        pages = await paged(ana, "/own/cases/c-1/timeline", limit=2)
        assert [[line["what"] for line in page] for page in pages] == [
            ["Enrolled in the cohort", "Mentor nominated"],
            ["Deadline of this case moved"],
        ]
        assert all(
            line.keys() == {"position", "occurred_at", "what"}
            for page in pages
            for line in page
        )

    async def test_is_nobody_else_s(self, running: Running) -> None:
        await write(running.database, "case-c-1", enrolled())
        eve = running.as_person("operations", "eve", "participant")
        for case in ("c-1", "c-2"):
            answer = await eve.get(f"/own/cases/{case}/timeline")
            assert (answer.status_code, answer.json()["type"]) == (
                404,
                "urn:attest:problem:NotEnrolled",
            )


class TestEvents:
    async def test_come_page_by_page(self, running: Running, auditor: Client) -> None:
        facts = [moved(day) for day in range(1, 8)]
        await write(running.database, "case-c-1", *facts)
        pages = await paged(auditor, "/events", limit=3)
        assert [[line["position"] for line in page] for page in pages] == [
            [1, 2, 3],
            [4, 5, 6],
            [7],
        ]

    async def test_can_be_followed_from_the_last_page_on(
        self, running: Running, auditor: Client
    ) -> None:
        await write(running.database, "case-c-1", moved(1))
        first = (await auditor.get("/events")).json()
        nothing = (await auditor.get("/events", after=first["last"])).json()
        assert (nothing["items"], nothing["next"]) == ([], None)
        await write(running.database, "case-c-1", moved(2))
        news = (await auditor.get("/events", after=nothing["last"])).json()
        assert [line["position"] for line in news["items"]] == [2]

    async def test_are_chosen_by_category_and_type(
        self, running: Running, auditor: Client
    ) -> None:
        await write(running.database, "case-c-1", nominated(), moved(1), nominated())
        query = {"category": "case", "type": "submission.DeadlineMoved"}
        found = (await auditor.get("/events", **query)).json()["items"]
        assert [line["position"] for line in found] == [2]
        none = (await auditor.get("/events", category="review")).json()
        assert (none["items"], none["next"]) == ([], None)

    async def test_are_looked_for_in_a_bounded_part_of_the_log_at_a_time(
        self, running: Running, auditor: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A type that is nowhere must not make one request read the whole log."""
        monkeypatch.setattr("services.operations.api.events.MOST_POSITIONS", 2)
        facts = [nominated(), moved(1), nominated(), nominated(), moved(2)]
        await write(running.database, "case-c-1", *facts)
        pages = await paged(auditor, "/events", type="submission.DeadlineMoved")
        assert [[line["position"] for line in page] for page in pages] == [[2], [], [5]]

    @pytest.mark.parametrize(
        "key", [("x",), ("-1",), ("9" * 30,), ("1", "2", "x"), ("\0",), ("²",)]
    )
    async def test_are_not_given_for_a_forged_cursor(
        self, auditor: Client, key: tuple[str, ...]
    ) -> None:
        for path in ("/events", "/cases/c-1/timeline", "/parked"):
            answer = await auditor.get(path, after=cursor(key))
            assert answer.status_code == 400, path
            assert answer.json()["type"] == "urn:attest:problem:MalformedCursor"


class TestVerification:
    async def test_holds_for_a_log_that_nobody_touched(
        self, running: Running, auditor: Client
    ) -> None:
        await write(running.database, "case-c-1", moved(1), moved(2), moved(3))
        assert _result(await auditor.get("/log/verification")) == {
            "events": 3,
            "gapless": True,
            "chain_valid": True,
            "first_wrong_position": None,
            "holds": True,
        }

    @pytest.mark.parametrize(
        ("tampering", "gapless", "wrong"),
        [
            ("UPDATE log.event SET payload = '{}' WHERE position = 2", True, 2),
            ("UPDATE log.event SET leaf = sha256('x') WHERE position = 3", True, 3),
            ("UPDATE log.event SET chain = sha256('x') WHERE position = 1", True, 1),
            (
                "UPDATE log.event SET occurred_at = now() WHERE position = 1",
                True,
                1,
            ),
            ("DELETE FROM log.event WHERE position = 2", False, 2),
            ("DELETE FROM log.event WHERE position = 3", False, 3),
        ],
    )
    async def test_names_the_first_event_that_was_touched(
        self,
        running: Running,
        auditor: Client,
        tampering: str,
        *,
        gapless: bool,
        wrong: int,
    ) -> None:
        """A superuser can do this; the walk finds it."""
        await write(running.database, "case-c-1", moved(1), moved(2), moved(3))
        await _tamper(running.database, tampering)
        verdict = _result(await auditor.get("/log/verification"))
        assert verdict["holds"] is False
        assert (verdict["gapless"], verdict["first_wrong_position"]) == (gapless, wrong)


def _result(answer: httpx.Response) -> dict[str, Any]:
    *progress, last = [json.loads(line) for line in answer.text.splitlines()]
    assert all(line.keys() == {"done", "total"} for line in progress)
    result: dict[str, Any] = last["result"]
    return result


async def _tamper(database: FreshDatabase, statement: str) -> None:
    admin = await asyncpg.connect(database.url)
    try:
        await admin.execute("ALTER TABLE log.event DISABLE TRIGGER append_only")
        await admin.execute(statement)
    finally:
        await admin.close()
