"""Allocations over HTTP: previewed, applied, kept from others, freed."""

import pytest

from services.review.app import CODEC
from services.review.clocks import free_due
from services.review.handlers import Allocating
from shared.clock import utc_now
from shared.database import open_pool
from shared.eventlog import open_log
from shared.handling import Handling
from tests.integration.services.allocating import (
    CAPS,
    PATH,
    Office,
    given_to,
    office_with,
    submitted,
)
from tests.integration.services.journey import claimed, queued
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import LEAKED_AT_STOP, Client, Running
from tests.unit.review.test_wanted import wanted

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


@pytest.fixture
async def office(unconnected: Running) -> Office:
    """Four reviews of people where Nora works, and one of somebody of Sam's."""
    four = (submitted(f"case-{number}") for number in range(1, 5))
    own = submitted("case-5", organisation_id="west-college")
    return await office_with(unconnected, *four, own)


async def free(office: Office) -> int:
    """Look for allocations in vain as the clock would."""
    url = office.running.database.url_for("review")

    async def never(_: object) -> None:
        raise AssertionError

    async with open_log(url) as log, open_pool(url, schema="review") as pool:
        allocating = Allocating(Handling(log, CODEC), never)  # type: ignore[arg-type]
        return await free_due(allocating, pool, utc_now)


class TestAllocation:
    """Source: moderation.md, "Reviewing": for a whole cohort in one step."""

    async def test_gives_what_was_previewed_once(self, office: Office) -> None:
        seen = await office.preview()
        shares = {each["reviewer_id"]: each["gets"] for each in seen["shares"]}
        assert shares == {"nora": 1, "rita": 2, "sam": 2}
        assert seen["left_over"] == []
        assert await given_to(office.rita) == [], "a preview writes nothing"
        done = await office.apply(seen, key="allocate-once")
        again = await office.apply(seen, key="allocate-once")
        assert done.status_code == 200, done.text
        assert (done.json()["allocated"], done.json()["refused"]) == (5, 0)
        assert again.json() == done.json()
        planned = {each["review_id"]: each["reviewer_id"] for each in seen["given"]}
        for name, client in (("rita", office.rita), ("nora", office.nora)):
            mine = {each for each, whose in planned.items() if whose == name}
            assert {each["review_id"] for each in await queued(client)} == mine

    async def test_is_refused_when_the_world_has_changed(self, office: Office) -> None:
        seen = await office.preview()
        await office.hear(submitted("case-6"))
        late = await office.apply(seen)
        assert (late.status_code, problem_of(late)) == (409, "WorldChanged")
        assert await given_to(office.rita) == []

    async def test_says_what_nobody_can_take_and_why(self, office: Office) -> None:
        caps = {"at_most": 0, "for_reviewers": {"nora": 9}}
        seen = await office.preview(caps)
        reasons = [each["reasons"] for each in seen["left_over"]]
        assert reasons == [{"Full": 2, "OwnOrganisation": 1}] * 4

    async def test_is_for_operations_and_the_lead_alone(self, office: Office) -> None:
        for path in (PATH, f"{PATH}/preview"):
            refused = await office.rita.post(path, {**CAPS, "based_on": "0" * 64})
            assert refused.status_code in {403, 422}
        bad = await office.desk.post(f"{PATH}/preview", {"at_most": -1})
        assert bad.status_code == 422


class TestAllocated:
    """Source: moderation.md, "Reviewing"."""

    async def test_is_kept_from_others_until_it_is_withdrawn(
        self, office: Office
    ) -> None:
        one = "/reviews/case-1.1.1"
        given = await office.desk.post(f"{one}/allocation", {"reviewer_id": "rita"})
        assert given.status_code == 200, given.text
        refused = await office.sam.post(f"{one}/claim")
        assert problem_of(refused) == "AllocatedToSomebodyElse"
        own = await office.desk.post(f"{one}/allocation", {"reviewer_id": "nora"})
        assert problem_of(own) == "AllocatedAlready"
        token = await claimed(office.rita, "case-1.1.1")
        held = await office.desk.post(f"{one}/allocation/withdrawal")
        assert problem_of(held) == "HeldAllocation"
        await office.rita.post(f"{one}/release", token=token)
        assert await given_to(office.rita) == ["case-1.1.1"]
        back = await office.desk.post(f"{one}/allocation/withdrawal")
        assert back.status_code == 200
        assert await claimed(office.sam, "case-1.1.1") == token + 1

    async def test_is_free_once_its_reviewer_has_declared_a_conflict(
        self, office: Office
    ) -> None:
        """Source: domain.md section 1."""
        body = {"reviewer_id": "rita"}
        await office.desk.post("/reviews/case-1.1.1/allocation", body)
        await given_to(office.rita)
        assert await free(office) == 0
        conflict = {"kind": "person", "with_id": "ana-case-1"}
        assert (await office.rita.post("/conflicts", conflict)).status_code == 201
        assert "case-1.1.1" not in {
            each["review_id"] for each in await queued(office.sam)
        }
        assert await free(office) == 1
        await office.preview()  # waits for what was written
        assert "case-1.1.1" in {each["review_id"] for each in await queued(office.sam)}
        assert await claimed(office.sam, "case-1.1.1") == 1

    async def test_is_anybodys_once_whom_alone_it_is_asked_of_may_not_judge(
        self, office: Office
    ) -> None:
        """Source: moderation.md 8: nobody waits for a seed that nobody may judge."""
        await office.hear(wanted("case-9"))
        await office.preview()  # waits for what was written
        assert "case-9.1.1" not in await reviews_of(office.sam)
        conflict = {"kind": "person", "with_id": "zoe"}
        assert (await office.rita.post("/conflicts", conflict)).status_code == 201
        seen = await office.preview()
        given = {each["review_id"]: each["reviewer_id"] for each in seen["given"]}
        assert given["case-9.1.1"] in {"sam", "nora"}
        assert "case-9.1.1" in await reviews_of(office.sam)
        assert await claimed(office.sam, "case-9.1.1") == 1


async def reviews_of(client: Client) -> set[str]:
    """Return what somebody's queue names."""
    return {each["review_id"] for each in await queued(client)}
