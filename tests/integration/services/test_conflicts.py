"""Conflicts of interest over HTTP: declared, and overridden by the lead."""

import pytest

from tests.integration.services.allocating import (
    Office,
    office_with,
    submitted,
)
from tests.integration.services.journey import claimed
from tests.integration.services.test_claims import problem_of
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

ONE = "/reviews/case-1.1.1"
CONFLICT = {"kind": "case", "with_id": "case-1"}
WORDS = {"reviewer_id": "rita", "reason": "They met once, ten years ago."}


@pytest.fixture
async def office(unconnected: Running) -> Office:
    return await office_with(unconnected, submitted("case-1"))


class TestConflictOverride:
    async def test_lets_somebody_judge_despite_what_they_declared(
        self, office: Office
    ) -> None:
        """Source: moderation.md 3, "conflict override"."""
        lead = office.running.as_person("review", "lena", "lead_moderator")
        auditor = office.running.as_person("review", "otto", "auditor")
        nothing = await lead.post(f"{ONE}/conflict-override", WORDS)
        assert problem_of(nothing) == "NoConflictDeclared"
        await office.rita.post("/conflicts", CONFLICT)
        assert problem_of(await office.rita.post(f"{ONE}/claim")) == "DeclaredConflict"
        assert (await office.rita.get("/queue")).json()["items"] == []
        done = await lead.post(f"{ONE}/conflict-override", WORDS)
        assert done.status_code == 201, done.text
        (listed,) = (await office.rita.get("/queue")).json()["items"]
        assert listed["review_id"] == "case-1.1.1"
        (read,) = (await lead.get(f"{ONE}/conflict-override")).json()["items"]
        assert (read["reviewer_id"], read["allowed_by"]) == ("rita", "lena")
        assert read["reason"] == WORDS["reason"]
        (seen,) = (await auditor.get(f"{ONE}/conflict-override")).json()["items"]
        assert seen["reason"] is None
        assert await claimed(office.rita, "case-1.1.1") == 1

    async def test_is_no_way_around_the_same_organisation(self, office: Office) -> None:
        """Source: domain.md section 1: never someone from their own organisation."""
        lead = office.running.as_person("review", "lena", "lead_moderator")
        words = WORDS | {"reviewer_id": "nora"}
        refused = await lead.post(f"{ONE}/conflict-override", words)
        assert problem_of(refused) == "OwnOrganisation"
        empty = WORDS | {"reason": " "}
        blank = await lead.post(f"{ONE}/conflict-override", empty)
        assert blank.status_code == 422
        missing = await lead.post("/reviews/none.1.1/conflict-override", WORDS)
        assert missing.status_code == 404
