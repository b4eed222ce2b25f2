"""Conflicts of interest over HTTP: declared, found late, overridden by the lead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.clock import utc_now
from shared.contracts.message import Received
from shared.contracts.submission import OrganisationStated
from shared.embedded import BrokerProcess, Mailbox
from shared.ids import new_id
from tests.integration.services.allocating import (
    Office,
    office_with,
    submitted,
)
from tests.integration.services.journey import (
    Answer,
    claimed,
    judge_all,
    operations,
    queued,
    register,
    reviewer,
    submitted_on_extension,
)
from tests.integration.services.moderating import (
    all_running,
    complete_review,
    handed_over,
    in_queue,
    moderator,
    one_judged,
    publish_plan,
    take,
)
from tests.integration.services.test_claims import problem_of
from tests.support.embedded import FreshDatabase
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Running,
    eventually,
)
from tests.unit.review.test_translation import SUBMITTED

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

ONE = "/reviews/case-1.1.1"
CONFLICT = {"kind": "case", "with_id": "case-1"}
WORDS = {"reviewer_id": "rita", "reason": "They met once, ten years ago."}


@pytest.fixture
def quick_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have conflicts looked for several times a second."""
    monkeypatch.setenv("REVIEW_LAPSE_CHECK_SECONDS", "0.2")


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

    async def test_is_not_for_whose_portfolio_it_is(self, office: Office) -> None:
        await office.rita.post("/conflicts", CONFLICT)
        own = office.running.as_person("review", "ana-case-1", "lead_moderator")
        refused = await own.post(f"{ONE}/conflict-override", WORDS)
        assert problem_of(refused) == "OwnCase"
        assert problem_of(await own.get(f"{ONE}/conflict-override")) == "OwnCase"

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


class TestEmployerOfTheParticipant:
    async def test_that_changed_after_the_hand_in_keeps_colleagues_away(
        self, office: Office
    ) -> None:
        """Source: domain.md section 1: never someone from their own organisation."""
        assert [each["review_id"] for each in await queued(office.rita)]
        before = await office.preview()
        await office.hear(stated("ana-case-1", "south-college"))

        async def gone() -> bool:
            return not await queued(office.rita)

        assert await eventually(gone)
        refused = await office.rita.post(f"{ONE}/claim")
        assert problem_of(refused) == "OwnOrganisation"
        assert [each["review_id"] for each in await queued(office.sam)]
        after = await office.preview()
        assert after["based_on"] != before["based_on"]
        assert {each["reviewer_id"] for each in after["given"]} == {"sam"}
        desk = await office.desk.post(f"{ONE}/allocation", {"reviewer_id": "rita"})
        assert problem_of(desk) == "OwnOrganisation"

    @pytest.mark.usefixtures("quick_clocks")
    async def test_takes_the_review_from_a_colleague_who_holds_it(
        self, unconnected: Running
    ) -> None:
        """Source: domain.md section 1: checked again when the decision is made."""
        office = await office_with(unconnected, submitted("case-1"))
        assert await claimed(office.rita, "case-1.1.1") == 1
        await office.hear(stated("ana-case-1", "south-college"))
        lead = office.running.as_person("review", "lena", "lead_moderator")

        async def freed() -> bool:
            owner: Answer = (await lead.get(f"{ONE}/owner")).json()
            return bool(owner["state"] == "waiting")

        assert await eventually(freed)
        assert await claimed(office.sam, "case-1.1.1") == 2


def stated(person_id: str, organisation: str) -> Received[Any]:
    body = OrganisationStated(person_id=person_id, organisation_id=organisation)
    like: Received[Any] = SUBMITTED
    return replace(like, body=body, event_id=new_id(), occurred_at=utc_now())


async def test_a_judgement_is_set_aside_for_a_conflict_and_another_judges(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    samples: tuple[Path, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Source: domain.md section 1: never a declared conflict, checked again."""
    monkeypatch.setenv("REVIEW_LAPSE_CHECK_SECONDS", "0.2")
    async with one_judged(demonstration_database, broker, tmp_path, samples[0]) as (
        running,
        case_id,
    ):
        await the_judgement_is_set_aside(running, case_id)
        await another_judges(running, case_id)


async def the_judgement_is_set_aside(running: Running, case_id: str) -> None:
    rita, sam = reviewer(running, "rita"), reviewer(running, "sam")
    leading = running.as_person("review", "lena", "lead_moderator")
    declared = {"kind": "case", "with_id": case_id}
    assert (await rita.post("/conflicts", declared)).status_code == 201

    async def look() -> Answer | None:
        items: list[Answer] = (await leading.get("/conflicts")).json()["items"]
        return items[0] if items else None

    listed = await eventually(look)
    assert (listed["review_id"], listed["conflict_of"]) == (f"{case_id}.1.1", "rita")
    assert (listed["conflict_because"], listed["conflict_when"]) == (
        "declared",
        "judged",
    )
    assert listed["state"] == "waiting"
    (waits,) = (await leading.get("/recalls")).json()["items"]
    assert waits["recalled_by"] == "rita"
    assert (await sam.get("/conflicts")).status_code == 403
    own = running.as_person("review", "ana", "lead_moderator")
    for path in ("/conflicts", "/recalls"):
        assert (await own.get(path)).json()["items"] == []
    again = await rita.post(f"/reviews/{case_id}.1.1/claim")
    assert problem_of(again) == "DeclaredConflict"


async def another_judges(running: Running, case_id: str) -> None:
    sam, review_id = reviewer(running, "sam"), f"{case_id}.1.1"
    token = await claimed(sam, review_id)
    await judge_all(sam, review_id, token, (3, 3, 3))
    done = await sam.post(f"/reviews/{review_id}/complete", token=token)
    assert done.status_code == 200, done.text
    mona = moderator(running, "mona")
    await in_queue(mona, case_id)
    assert await take(mona, case_id)


async def test_the_lead_gets_a_letter_about_a_late_conflict(
    demonstration_database: FreshDatabase,
    broker: BrokerProcess,
    tmp_path: Path,
    samples: tuple[Path, ...],
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Source: domain.md section 5: checked at the moment of sending, to whom it is."""
    monkeypatch.setenv("REVIEW_LAPSE_CHECK_SECONDS", "0.2")
    async with all_running(
        demonstration_database, broker, tmp_path, mailbox
    ) as running:
        for person_id, role in (("rita", "reviewer"), ("lena", "lead_moderator")):
            assert (await register(operations(running), person_id, role)).is_success
        case_id = (await submitted_on_extension(running, samples[0]))["case_id"]
        await publish_plan(running)
        await complete_review(running, f"{case_id}.1.1", (3, 3, 3))
        declared = {"kind": "case", "with_id": case_id}
        assert (await reviewer(running, "rita").post("/conflicts", declared)).is_success
        await handed_over(running, "conflict-found")
        every = [await mailbox.letter(each.letter_id) for each in mailbox.letters()]
        letter = next(
            each for each in every if "conflict of interest" in each.summary.subject
        )
        assert letter.summary.recipients == ("lena@example.org",)
        text = letter.text or ""
        assert "is set aside" in text
        assert "rita" not in text.lower()
