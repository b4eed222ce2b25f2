"""A review changes hands over HTTP, and who learns what of it."""

import pytest

from tests.integration.services.allocating import (
    Office,
    given_to,
    office_with,
    submitted,
)
from tests.integration.services.journey import claimed
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

ONE = "/reviews/case-1.1.1"
TO_SAM = {"reviewer_id": "sam", "reason": "I am ill from tomorrow."}


@pytest.fixture
async def office(unconnected: Running) -> Office:
    return await office_with(unconnected, submitted("case-1"))


class TestHandOver:
    async def test_gives_a_review_to_a_colleague_who_may_judge_it(
        self, office: Office
    ) -> None:
        """Source: moderation.md, "Reviewing": hand-over."""
        token = await claimed(office.rita, "case-1.1.1")
        nora = TO_SAM | {"reviewer_id": "nora"}
        refused = await office.rita.post(f"{ONE}/hand-over", nora, token=token)
        assert problem_of(refused) == "OwnOrganisation"
        foreign = await office.sam.post(f"{ONE}/hand-over", TO_SAM, token=token)
        assert problem_of(foreign) == "TokenNotYours"
        empty = TO_SAM | {"reason": "  "}
        blank = await office.rita.post(f"{ONE}/hand-over", empty, token=token)
        assert blank.status_code == 422
        done = await office.rita.post(f"{ONE}/hand-over", TO_SAM, token=token)
        assert done.status_code == 200, done.text
        assert await given_to(office.sam) == ["case-1.1.1"]
        assert await given_to(office.rita) == []
        assert await claimed(office.sam, "case-1.1.1") == token + 1


class TestTakeOver:
    async def test_tells_whom_it_was_taken_from_by_which_role_and_why(
        self, office: Office
    ) -> None:
        """Source: moderation.md, "Reviewing": take-over by the lead."""
        lead = office.running.as_person("review", "lena", "lead_moderator")
        token = await claimed(office.rita, "case-1.1.1")
        done = await lead.post(f"{ONE}/take-over", TO_SAM)
        assert done.status_code == 200, done.text
        stale = await office.rita.post(f"{ONE}/extend", token=token)
        assert problem_of(stale) == "TokenStale"
        seen = (await office.rita.get(ONE)).json()
        assert (seen["state"], seen["by_role"]) == ("taken_over", "lead_moderator")
        assert seen["reason"] == TO_SAM["reason"]
        assert "lena" not in str(seen)
        assert (await office.sam.get(ONE)).status_code == 404
        again = await lead.post(f"{ONE}/take-over", TO_SAM)
        assert problem_of(again) == "AlreadyTheirs"


class TestOwner:
    async def test_is_visible_to_the_office_and_the_lead_alone(
        self, office: Office
    ) -> None:
        """Source: moderation.md, "Reviewing": visible owner."""
        free = (await office.desk.get(f"{ONE}/owner")).json()
        assert (free["state"], free["owner_id"]) == ("waiting", None)
        await claimed(office.rita, "case-1.1.1")
        held = (await office.desk.get(f"{ONE}/owner")).json()
        assert (held["state"], held["owner_id"]) == ("held", "rita")
        assert (await office.sam.get(f"{ONE}/owner")).status_code == 403
        assert (await office.desk.get("/reviews/none.1.1/owner")).status_code == 404
        own = office.running.as_person("review", "ana-case-1", "operations")
        assert problem_of(await own.get(f"{ONE}/owner")) == "OwnCase"


class TestRefer:
    async def test_waits_for_the_lead_who_alone_reads_the_note(
        self, office: Office
    ) -> None:
        """Source: moderation.md, "Reviewing": "refer to moderator"."""
        lead = office.running.as_person("review", "lena", "lead_moderator")
        note = {"note": "Two pieces contradict each other."}
        token = await claimed(office.rita, "case-1.1.1")
        done = await office.rita.post(f"{ONE}/refer", note, token=token)
        assert done.status_code == 200, done.text
        for client in (office.rita, office.sam):
            assert problem_of(await client.post(f"{ONE}/claim")) == "ReferredToTheLead"
            assert (await client.get("/queue")).json()["items"] == []
        (waits,) = (await lead.get("/referrals")).json()["items"]
        assert (waits["review_id"], waits["referred_by"]) == ("case-1.1.1", "rita")
        assert (await lead.get(f"{ONE}/referral")).json()["note"] == note["note"]
        assert (await office.desk.get(f"{ONE}/referral")).status_code == 403
        assert (await office.preview())["given"] == []
        mine = (await office.rita.get("/work")).json()["items"]
        assert [each["state"] for each in mine] == ["referred"]
        await lead.post(f"{ONE}/allocation", {"reviewer_id": "sam"})
        assert await given_to(office.sam) == ["case-1.1.1"]
        assert (await lead.get("/referrals")).json()["items"] == []
        assert (await lead.get(f"{ONE}/referral")).status_code == 404
