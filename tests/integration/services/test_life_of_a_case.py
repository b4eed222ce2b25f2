"""A case from application to withdrawal over HTTP, and what the clocks find by SQL."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.submission.domain.cohort.events import CohortDeadlineMoved
from services.submission.domain.events import CaseEvent
from shared.clock import utc_now
from tests.integration.operations.writing import write
from tests.integration.services.journey import operations, register
from tests.support.running_services import (
    LEAKED_AT_STOP,
    Client,
    Running,
    eventually,
)
from tests.unit.submission.examples import enrolled, submitted
from tests.unit.submission.lives import noted, window

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

ATS, QTLS = "ats-next", "qtls-now"
ANSWERS = {
    "holds-qtls": "Since 2019.",
    "experience": "Seven years.",
    "impact-on-colleagues": "I coach six of them.",
}
Answer = dict[str, Any]


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clocks look for what is due all the time."""
    monkeypatch.setenv("SUBMISSION_DATES_CHECK_SECONDS", "0.2")


def day(days: int) -> str:
    return (utc_now() + timedelta(days=days)).date().isoformat()


async def open_cohort(
    desk: Client, cohort: str, programme: str, *, starts: int, due: int
) -> None:
    body = {
        "cohort_id": cohort,
        "programme": programme,
        "starts_on": day(starts),
        "deadline": day(due),
        "because": "A test runs on any day.",
    }
    assert (await desk.post("/cohorts", body)).status_code == 201


async def done(client: Client, path: str, body: Answer | None = None) -> Answer:
    answer = await client.post(path, body or {})
    assert answer.is_success, answer.text
    found: Answer = answer.json()
    return found


async def refused(client: Client, path: str, body: Answer) -> str:
    answer = await client.post(path, body)
    assert answer.is_client_error, answer.text
    return str(answer.json()["type"]).rpartition(":")[2]


async def shown(client: Client, path: str, **params: str) -> Any:
    answer = await client.get(path, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestLife:
    async def test_goes_from_application_to_withdrawal(
        self, submission: Running
    ) -> None:
        """Source: domain.md sections 1 to 3."""
        desk = operations(submission)
        ana = submission.as_person("submission", "ana", "participant")
        await open_cohort(desk, ATS, "ATS", starts=107, due=470)
        await register(desk, "ana", "participant")
        await register(desk, "ben", "mentor")
        place = {"cohort_id": ATS, "person_id": "ana"}

        assert await refused(ana, "/cases", place) == "ApplicationNeeded"
        applied = await done(ana, "/applications", place | {"answers": ANSWERS})
        case_id = applied["case_id"]
        assert await refused(ana, "/cases", place) == "NotEligible"
        await done(desk, f"/applications/{case_id}/decision", {"decision": "eligible"})
        read = await shown(ana, f"/applications/{case_id}")
        assert (read["decision"], read["answers"]) == ("eligible", ANSWERS)
        assert (await done(ana, "/cases", place))["case_id"] == case_id

        mine = f"/cases/{case_id}"
        await self._arranged(desk, ana, mine)
        await self._asked(desk, ana, mine)
        await self._withdrawn(desk, ana, mine)

    async def _arranged(self, desk: Client, ana: Client, mine: str) -> None:
        await done(ana, f"{mine}/mentor/request")
        await done(desk, f"{mine}/mentor/appointment", {"mentor_id": "ben"})
        await done(ana, f"{mine}/adjustments/a1", {"details": "I read slowly."})
        agreement = {
            "extra_days": [{"clock": "submission", "days": 10}],
            "viva": ["extra_time"],
            "until": day(600),
            "details": "Ten days.",
        }
        await done(desk, f"{mine}/adjustments/a1/agreement", agreement)
        clock = await shown(ana, f"{mine}/clock")
        assert (clock["runs_until"], clock["closes_on"]) == (day(470), day(480))
        later = await ana.get(f"{mine}/clock", at="9999-12-31T23:59:59Z")
        assert later.json()["type"].endswith("NotYet")
        (adjustment,) = await shown(ana, f"{mine}/adjustments")
        assert adjustment["agreed"] == "Ten days."
        bare = await desk.get(f"{mine}/adjustments")
        assert bare.json()["type"].endswith("ReasonMissing")
        assert await shown(desk, f"{mine}/adjustments", reason="a complaint")

    async def _asked(self, desk: Client, ana: Client, mine: str) -> None:
        await done(ana, f"{mine}/queries/q1", {"text": "May I use film?"})
        waits = await shown(desk, "/cases", waiting="query")
        assert [row["waiting"] for row in waits["items"]] == [["query q1"]]
        await done(desk, f"{mine}/queries/q1/answer", {"text": "Yes."})
        assert (await shown(desk, "/cases", waiting="query"))["items"] == []
        (query,) = await shown(ana, f"{mine}/queries")
        assert (query["text"], query["answer"]) == ("May I use film?", "Yes.")

    async def _withdrawn(self, desk: Client, ana: Client, mine: str) -> None:
        await open_cohort(desk, QTLS, "QTLS", starts=40, due=200)
        other = {"cohort_id": QTLS, "person_id": "ana"}
        assert await refused(ana, "/cases", other) == "Elsewhere"
        await done(ana, f"{mine}/withdrawal")
        assert (await done(ana, "/cases", other))["case_id"] not in mine
        row = await shown(desk, mine)
        assert (row["state"], row["entry"], row["mentor_id"]) == (
            "withdrawn",
            "application",
            "ben",
        )

    async def test_follows_an_employer_and_shows_no_stranger_anything(
        self, submission: Running
    ) -> None:
        """Source: domain.md section 1 (never another participant's)."""
        desk = operations(submission)
        eve = submission.as_person("submission", "eve", "participant")
        await open_cohort(desk, QTLS, "QTLS", starts=40, due=200)
        await register(desk, "ana", "participant")
        place = {"cohort_id": QTLS, "person_id": "ana"}
        case_id = (await done(desk, "/cases", place))["case_id"]
        moved = await done(
            desk, "/people/ana/organisation", {"organisation": "North College"}
        )
        assert moved["organisation_id"] == "north-college"
        for path in ("clock", "queries", "adjustments"):
            answer = await eve.get(f"/cases/{case_id}/{path}")
            assert answer.status_code == 404
        assert await refused(eve, f"/cases/{case_id}/withdrawal", {}) == "NotEnrolled"


@pytest.mark.usefixtures("often")
class TestClocks:
    async def test_remind_lapse_and_delay(
        self, often: None, submission: Running
    ) -> None:
        """Source: domain.md section 3; S2 4.4, 6.2.3."""
        desk = operations(submission)
        await open_cohort(desk, QTLS, "QTLS", starts=-170, due=10)
        await register(desk, "ana", "participant")
        place = {"cohort_id": QTLS, "person_id": "ana"}
        near = (await done(desk, "/cases", place))["case_id"]

        async def reminded() -> bool:
            row = await shown(desk, f"/cases/{near}")
            return bool(row["reminded_at_days"] == 14)

        assert await eventually(reminded)
        # Moves the deadline, so that nothing is near any more.
        missed, early = await _written(submission, utc_now())

        async def lapsed_and_delayed() -> bool:
            state = (await shown(desk, f"/cases/{missed}"))["state"]
            opens = (await shown(desk, f"/cases/{early}"))["review_opens_at"]
            return bool(state == "restart_required" and opens > day(15))

        assert await eventually(lapsed_and_delayed)


async def _written(running: Running, now: datetime) -> tuple[str, str]:
    """Write a case whose window is over, and one handed in before a later deadline."""
    ids = {"cohort_id": QTLS, "programme": "QTLS"}
    opens_at = now + timedelta(days=10)
    past = (now - timedelta(days=3)).date()
    cases: dict[str, tuple[CaseEvent, ...]] = {}
    for name in ("missed", "early"):
        who = {"case_id": name, "person_id": name}
        cases[name] = (
            enrolled(**ids, **who),
            submitted(**ids, **who, review_opens_at=opens_at),
        )
    over = {"runs_until": past, "closes_on": past}
    reopened = window(**ids, case_id="missed", participant_id="missed", **over)
    cases["missed"] = (*cases["missed"], noted(), reopened)
    for name, facts in cases.items():
        await write(running.database, f"case-{name}", *facts)
    later = CohortDeadlineMoved(
        cohort_id=QTLS,
        deadline=(now + timedelta(days=16)).date(),
        occurred_at=now,
    )
    await write(running.database, f"cohort-{QTLS}", later)
    return "missed", "early"
