"""The directory, cohorts and lists of submission over HTTP."""

import httpx
import pytest

from shared.programmes import programmes
from tests.integration.services.journey import (
    COHORT,
    open_cohort,
    operations,
    register,
)
from tests.integration.services.test_handing_in import problem_of
from tests.support.running_services import LEAKED_AT_STOP, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


class TestPeople:
    async def test_are_entered_once_however_often_it_is_asked(
        self, submission: Running
    ) -> None:
        """Source: the same address with the same person is a repeat."""
        desk = operations(submission)
        first = await register(desk, "rita", "reviewer")
        again = await register(desk, "rita", "reviewer")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json()["position"] == first.json()["position"]

    async def test_are_listed_without_name_or_address(
        self, submission: Running
    ) -> None:
        """Source: architecture.md, "Personal data"."""
        desk = operations(submission)
        await register(desk, "rita", "reviewer", "moderator")
        (row,) = (await desk.get("/people")).json()["items"]
        assert row["roles"] == ["moderator", "reviewer"]
        assert row.keys() == {"person_id", "organisation_id", "roles", "registered_at"}

    async def test_share_no_address(self, submission: Running) -> None:
        desk = operations(submission)
        await register(desk, "rita", "reviewer", email="rita@example.org")
        taken = await register(desk, "sam", "reviewer", email="RITA@example.org")
        moved = await register(desk, "rita", "reviewer", email="other@example.org")
        assert taken.json()["type"].endswith(":AddressTaken")
        assert moved.json()["type"].endswith(":AddressDiffers")

    async def test_get_an_id_that_follows_from_the_address(
        self, submission: Running
    ) -> None:
        desk = operations(submission)
        body = {"name": "Ana", "email": "ana@example.org", "roles": ["mentor"]}
        first = (await desk.post("/people", body)).json()["person_id"]
        again = (await desk.post("/people", body)).json()["person_id"]
        assert first == again
        assert "ana" not in first

    async def test_are_imported_by_operations_alone(self, submission: Running) -> None:
        body = {
            "id": "rita",
            "name": "Rita",
            "email": "rita@example.org",
            "organisation": "south-college",
            "roles": ["reviewer"],
        }
        desk = submission.as_service("submission", "operations")
        other = submission.as_service("submission", "notification")
        person = operations(submission)
        assert (await desk.post("/internal/people", body)).status_code == 201
        assert (await other.post("/internal/people", body)).status_code == 403
        assert (await person.post("/internal/people", body)).status_code == 403


class TestContact:
    async def test_opens_for_notification_alone(self, submission: Running) -> None:
        """Source: architecture.md: notification fetches addresses when it sends."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        await register(desk, "ana", "participant")
        place = {"cohort_id": COHORT, "person_id": "ana"}
        case_id = (await desk.post("/cases", place)).json()["case_id"]
        whose = {"person_id": "ana", "case_id": case_id}
        letter = submission.as_service("submission", "notification")
        found = (await letter.post("/internal/contact", whose)).json()
        assert (found["name"], found["email"]) == ("Ana", "ana@example.org")
        assert found["cohort_id"] == COHORT
        alone = await letter.post("/internal/contact", {"person_id": "ana"})
        assert alone.json() == {
            name: found[name] for name in ("subject", "name", "email")
        }
        for asker in (desk, submission.as_service("submission", "review")):
            refused = await asker.post("/internal/contact", whose)
            assert refused.status_code == 403

    async def test_is_refused_for_somebody_unknown(self, submission: Running) -> None:
        letter = submission.as_service("submission", "notification")
        whose = {"person_id": "nobody", "case_id": "c1"}
        answer = await letter.post("/internal/contact", whose)
        assert answer.status_code == 404


class TestCohorts:
    async def test_are_listed_page_by_page(self, submission: Running) -> None:
        desk = operations(submission)
        names = [f"ats-20{year}-10" for year in range(25, 30)]
        for name in names:
            await open_cohort(desk, days=7, cohort=name)
        first = (await desk.get("/cohorts", limit=3)).json()
        rest = (await desk.get("/cohorts", limit=3, after=first["next"])).json()
        found = [row["cohort_id"] for row in (*first["items"], *rest["items"])]
        assert (found, rest["next"]) == (names, None)

    async def test_are_opened_by_operations_alone(self, submission: Running) -> None:
        body = {"cohort_id": COHORT, "programme": "ATS", "deadline": "2031-05-01"}
        for role in ("participant", "reviewer", "auditor"):
            person = submission.as_person("submission", "zoe", role)
            assert (await person.post("/cohorts", body)).status_code == 403

    async def test_start_when_their_programme_does_or_say_why(
        self, submission: Running
    ) -> None:
        """Source: S0: ATS has one cohort a year, starting in October."""
        desk = operations(submission)

        async def opening(cohort: str, deadline: str, **more: str) -> httpx.Response:
            body = {"cohort_id": cohort, "programme": "ATS", "deadline": deadline}
            return await desk.post("/cohorts", {**body, **more})

        first = await opening("ats-2031-10", "2032-10-15")
        assert first.status_code == 201, first.text
        assert (await opening("ats-2031-10", "2032-10-15")).status_code == 201
        june = await opening("ats-2031-06", "2032-06-15")
        assert (problem_of(june), june.json()["context"]["start_months"]) == (
            "OutsideStartMonths",
            [10],
        )
        more = await opening("ats-2031-10-b", "2032-10-15")
        assert (problem_of(more), more.json()["context"]["cohorts"]) == (
            "YearIsFull",
            ["ats-2031-10"],
        )
        assert (await opening("ats-2032-10", "2033-10-15")).status_code == 201
        why = "The college asked for a second intake."
        extra = await opening("ats-2031-10-b", "2032-10-15", because=why)
        assert extra.status_code == 201, extra.text
        rows = (await desk.get("/cohorts")).json()["items"]
        assert {row["cohort_id"]: row["because"] for row in rows} == {
            "ats-2031-10": None,
            "ats-2031-10-b": why,
            "ats-2032-10": None,
        }
        empty = await opening("ats-2031-06", "2032-06-15", because="")
        assert problem_of(empty) == "MalformedRequest"

    async def test_need_a_programme_that_exists(self, submission: Running) -> None:
        body = {"cohort_id": COHORT, "programme": "XYZ", "deadline": "2031-05-01"}
        answer = await operations(submission).post("/cohorts", body)
        known = [each.code for each in programmes()]
        assert (answer.status_code, answer.json()["context"]) == (
            404,
            {"programmes": known},
        )


class TestClock:
    async def test_is_never_moved_in_a_real_log(self, submission: Running) -> None:
        """Source: architecture.md: accepted only by a log made for demonstration."""
        answer = await operations(submission).post(
            "/clock/offset", {"offset_seconds": 60}
        )
        assert answer.status_code == 422
        assert answer.json()["type"].endswith(":DemonstrationOnly")
