"""What everybody has to judge: for the office and the lead, and for oneself."""

from datetime import timedelta
from typing import Any

import pytest

from services.review.app import CODEC
from services.review.clocks import overdue_due
from services.review.handlers import Claims
from shared.clock import utc_now
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Handling
from tests.integration.services.allocating import Office, office_with, submitted
from tests.integration.services.journey import Answer, claimed
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

LONG_AGO = utc_now() - timedelta(days=50)
WHOSE = {"case-1": "rita", "case-2": "rita", "case-3": "sam"}


@pytest.fixture
async def office(unconnected: Running) -> Office:
    """Three reviews, one opened long ago; two are Rita's and one is Sam's."""
    old = submitted("case-1", submitted_at=LONG_AGO, review_opens_at=LONG_AGO)
    rest = (submitted(f"case-{number}") for number in (2, 3))
    office = await office_with(unconnected, old, *rest)
    for case_id, name in WHOSE.items():
        path = f"/reviews/{case_id}.1.1/allocation"
        done = await office.desk.post(path, {"reviewer_id": name})
        assert done.status_code == 200, done.text
    return office


async def items(client: Client, path: str, **query: Any) -> list[Answer]:
    answer = await client.get(path, **query)
    assert answer.status_code == 200, answer.text
    found: list[Answer] = answer.json()["items"]
    return found


async def mark_overdue(office: Office) -> int:
    await office.preview()  # waits for what was written
    url = office.running.database.url_for("review")
    async with open_log(url) as log, open_pool(url, schema="review") as pool:
        marked = await overdue_due(Claims(Handling(log, CODEC)), pool, utc_now)
    await office.preview()
    return marked


class TestWorkloads:
    async def test_tell_by_reviewer_and_cohort_what_they_have(
        self, office: Office
    ) -> None:
        await claimed(office.rita, "case-2.1.1")
        assert await mark_overdue(office) == 1
        rita, sam = await items(office.desk, "/workloads")
        assert (rita["reviewer_id"], rita["cohort_id"]) == ("rita", "ats-2025-10")
        counts = ("allocated", "held", "begun", "completed", "overdue")
        assert [rita[each] for each in counts] == [1, 1, 0, 0, 1]
        assert [sam[each] for each in counts] == [1, 0, 0, 0, 0]
        assert rita["oldest_due"] < sam["oldest_due"]
        assert await items(office.desk, "/workloads", cohort="qtls") == []

    async def test_come_in_pages(self, office: Office) -> None:
        first = (await office.desk.get("/workloads", limit=1)).json()
        second = (
            await office.desk.get("/workloads", limit=1, after=first["next"])
        ).json()
        names = [page["items"][0]["reviewer_id"] for page in (first, second)]
        assert (names, second["next"]) == (["rita", "sam"], None)
        bad = await office.desk.get("/workloads", after="eA")
        assert bad.status_code == 400


class TestOverdue:
    async def test_tells_whose_it_is_but_never_of_one_s_own_case(
        self, office: Office
    ) -> None:
        """Source: domain.md section 1: never see who reviewed."""
        assert await mark_overdue(office) == 1
        found = await items(office.desk, "/overdue")
        assert [(each["review_id"], each["owner_id"]) for each in found] == [
            ("case-1.1.1", "rita")
        ]
        own = office.running.as_person("review", "ana-case-1", "operations")
        assert await items(own, "/overdue") == []
        assert (await office.sam.get("/overdue")).status_code == 403


class TestWork:
    async def test_is_one_s_own_alone_due_first(self, office: Office) -> None:
        await claimed(office.rita, "case-2.1.1")
        taking = {"reason": "Rita is ill."}
        await office.desk.post("/reviews/case-1.1.1/take-over", taking)
        await office.preview()
        found = await items(office.rita, "/work")
        assert [(each["review_id"], each["state"]) for each in found] == [
            ("case-1.1.1", "taken_over"),
            ("case-2.1.1", "held"),
        ]
        assert found[0]["taken_by"] == "operations"
        (share,) = (await office.rita.get("/work/summary")).json()["items"]
        assert (share["held"], share["allocated"]) == (1, 0)
        mine = await items(office.sam, "/work")
        assert [(each["review_id"], each["state"]) for each in mine] == [
            ("case-3.1.1", "allocated")
        ]
        assert await items(office.nora, "/work") == []
