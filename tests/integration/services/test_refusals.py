"""What people are refused can be read by operations, without what they sent."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.clock import utc_now
from shared.database import Pool, open_pool
from shared.ids import new_id
from shared.web import refusals as kept
from shared.web.refusals import KEPT_DAYS, Refusals, forget_refusals, refusals
from tests.support.embedded import FreshDatabase
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

REVIEW_ID = f"{new_id()}.1.1"
CRITERION = "/reviews/{review_id}/criteria/{criterion}"
NAME = "Ana Lópes"


def judging(criterion: str = "authenticity", review_id: str = REVIEW_ID) -> str:
    return CRITERION.format(review_id=review_id, criterion=criterion)


def judgement(**changed: Any) -> dict[str, Any]:
    return {"level": 3, "rationale": f"{NAME} wrote it.", "evidence": []} | changed


async def listed(running: Running, **wanted: str | int) -> list[dict[str, Any]]:
    desk = running.as_person("operations", "olga", "operations")
    answer = await desk.get("/refusals", **wanted)
    assert answer.status_code == 200, answer.text
    assert NAME not in answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.fixture
def rita(everything: Running) -> Client:
    return everything.as_person("review", "rita", "reviewer")


@pytest.fixture
async def pool(migrated_database: FreshDatabase) -> AsyncIterator[Pool]:
    url = migrated_database.url_for("operations")
    async with open_pool(url, schema="operations") as pool:
        yield pool


class TestRefusals:
    async def test_name_who_asked_where_and_why_and_nothing_that_was_sent(
        self, everything: Running, rita: Client
    ) -> None:
        await rita.post(judging(), judgement(level=9, **{NAME: 1}), token=1)
        await rita.post(judging("honesty"), judgement(), token=1)
        await rita.post(judging(review_id=NAME), judgement(), token=1)
        await rita.post(judging(), judgement(), token=1)
        newest_first = await listed(everything)
        assert [
            (row["status"], row["code"], row["mistakes"], row["subject"])
            for row in reversed(newest_first)
        ] == [
            (
                422,
                "MalformedRequest",
                ["extra_forbidden", "less_than_equal"],
                REVIEW_ID,
            ),
            (422, "MalformedRequest", ["literal_error"], REVIEW_ID),
            (422, "MalformedRequest", ["string_pattern_mismatch"], None),
            (404, "UnknownReview", [], REVIEW_ID),
        ]
        assert {
            (row["service"], row["method"], row["route"], row["actor"])
            for row in newest_first
        } == {("review", "POST", CRITERION, "rita")}

    async def test_can_be_narrowed_and_paged(
        self, everything: Running, rita: Client
    ) -> None:
        sam = everything.as_person("moderation", "sam", "participant")
        assert (await sam.get("/overdue")).status_code == 403
        for level in range(5, 8):
            await rita.post(judging(), judgement(level=level), token=1)
        assert len(await listed(everything, actor="rita")) == 3
        assert len(await listed(everything, code="MalformedRequest")) == 3
        assert await listed(everything, code="NoSuchCode") == []
        (first,) = await listed(everything, service="moderation")
        desk = everything.as_person("operations", "olga", "operations")
        pages, after = list[int](), ""
        while True:
            wanted = {"after": after} if after else {}
            page = (await desk.get("/refusals", limit=2, **wanted)).json()
            pages += [row["number"] for row in page["items"]]
            if (after := page["next"] or "") == "":
                break
        assert pages == sorted(pages, reverse=True)
        assert len(pages) == 4
        assert pages[-1] == first["number"]

    async def test_leave_out_strangers_services_and_what_is_merely_not_there(
        self, everything: Running, rita: Client
    ) -> None:
        http = everything.clients["review"]
        assert (await http.post(judging(), json=judgement())).status_code == 401
        sender = everything.as_service("review", "viva")
        assert (await sender.post(judging(), judgement(level=9))).is_client_error
        assert (await rita.get(f"/reviews/{REVIEW_ID}")).status_code == 404
        assert await listed(everything) == []

    async def test_hold_attempts_to_read_what_is_not_for_the_reader(
        self, everything: Running, rita: Client
    ) -> None:
        office = everything.as_person("operations", "rita", "reviewer")
        assert (await office.get("/refusals")).status_code == 403
        (row,) = await listed(everything)
        assert (row["method"], row["route"]) == ("GET", "/refusals")
        assert (row["actor"], row["code"]) == ("rita", "Forbidden")

    async def test_do_not_grow_without_end(
        self,
        everything: Running,
        rita: Client,
        pool: Pool,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        for level in range(5, 10):
            await rita.post(judging(), judgement(level=level), token=1)
        assert await forget_refusals(pool, utc_now()) == 0
        monkeypatch.setattr(kept, "MOST_KEPT", 2)
        assert await forget_refusals(pool, utc_now()) == 3
        left = await refusals(pool, before=2**63 - 1, limit=10)
        assert len(left) == 2
        later = utc_now() + timedelta(days=KEPT_DAYS, minutes=1)
        assert await forget_refusals(pool, later) == 2

    async def test_are_answered_though_they_cannot_be_kept(
        self, everything: Running, rita: Client, pool: Pool
    ) -> None:
        await pool.close()
        everything.apps["review"].state.refusals = Refusals("review", pool, utc_now)
        answer = await rita.post(judging(), judgement(level=9), token=1)
        assert answer.status_code == 422
        assert json.loads(answer.text)["fields"][0]["field"] == "body.level"
