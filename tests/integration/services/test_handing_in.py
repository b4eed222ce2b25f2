"""Handing in a portfolio over HTTP: all of it, or nothing at all."""

from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from shared.eventlog import StoredEvent, open_log
from tests.integration.services.journey import (
    COHORT,
    enrol_extended,
    hand_in,
    open_cohort,
    operations,
    register,
)
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


AWARE = "s.draycott@aldermere.example"


@pytest.fixture
def workbook(samples: tuple[Path, ...]) -> Path:
    return next(sample for sample in samples if sample.suffix == ".docx")


@pytest.fixture
def phases(samples: tuple[Path, ...]) -> Path:
    return next(sample for sample in samples if sample.suffix == ".zip")


async def facts(running: Running) -> tuple[StoredEvent, ...]:
    async with open_log(running.database.url_for("submission")) as log:
        return await log.read_after(0)


def stored_files(running: Running) -> list[Path]:
    return [p for p in (running.directory / "evidence").rglob("*") if p.is_file()]


def without_form(phases: Path, folder: Path) -> Path:
    """Return the portfolio without the file that says whose it is."""
    path = folder / "anonymous.zip"
    with ZipFile(phases) as whole, ZipFile(path, "w") as rest:
        for name in whole.namelist():
            if not name.endswith("portfolio.yaml"):
                rest.writestr(name, whole.read(name))
    return path


def problem_of(answer: httpx.Response) -> str:
    found: str = answer.json()["type"].rpartition(":")[2]
    return found


class TestHandIn:
    async def test_needs_nothing_but_the_file_when_it_says_everything(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: the portfolio says who, where and with which mentor."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        answer = await hand_in(desk, workbook)
        assert answer.status_code == 201, answer.text
        case = answer.json()
        assert case["cohort_id"] == COHORT
        assert case["words"] > 1_000
        types = [event.type for event in await facts(submission)]
        assert types.count("submission.PersonRegistered") == 2
        assert types[-1] == "submission.Submitted"
        row = (await desk.get(f"/cases/{case['case_id']}")).json()
        assert (row["state"], row["template"]) == ("submitted", "workbook")
        assert row["organisation_id"].startswith("aldermere-college")
        assert row["mentor_id"] == case["mentor_id"]

    async def test_leaves_names_addresses_and_words_out_of_the_log(
        self, submission: Running, phases: Path
    ) -> None:
        """Source: architecture.md, "Personal data"."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        assert (await hand_in(desk, phases)).status_code == 201
        payloads = b"".join(event.payload for event in await facts(submission))
        for word in (b"Bernadette", b"achebe", b"Iveson", b"coaching.docx"):
            assert word not in payloads
        for file in stored_files(submission):
            assert b"Bernadette" not in file.read_bytes()

    async def test_is_once_however_often_it_is_asked(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: architecture.md, "Idempotent requests"; S2 6.2.1."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        first = await hand_in(desk, workbook, key="the-same-request")
        before = await facts(submission)
        again = await hand_in(desk, workbook, key="the-same-request")
        anew = await hand_in(desk, workbook)
        assert (first.status_code, again.status_code, anew.status_code) == (201,) * 3
        assert again.json() == first.json()
        assert again.headers["Idempotent-Replayed"] == "true"
        assert anew.json()["snapshot_sha256"] == first.json()["snapshot_sha256"]
        assert await facts(submission) == before

    async def test_refuses_another_body_under_the_same_key(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: architecture.md, "Idempotent requests"."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        await hand_in(desk, workbook, key="the-same-request")
        answer = await hand_in(
            desk, workbook, key="the-same-request", role_context="universal"
        )
        assert answer.status_code == 422
        assert answer.json()["type"].endswith(":KeyReused")

    async def test_refuses_another_portfolio_for_the_same_case(
        self, submission: Running, workbook: Path, phases: Path
    ) -> None:
        """Source: S2 6.2.1: one submission an attempt; nothing of it is stored."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        await hand_in(desk, workbook)
        before, files = await facts(submission), set(stored_files(submission))
        answer = await hand_in(
            desk, phases, email=AWARE, organisation="Aldermere College"
        )
        assert answer.status_code == 422, answer.text
        assert await facts(submission) == before
        assert set(stored_files(submission)) == files


class TestRefusal:
    """Whatever is refused leaves no fact and no file behind."""

    async def nothing_is_left(self, running: Running, before: int) -> None:
        assert len(await facts(running)) == before
        assert stored_files(running) == []
        assert list((running.directory / "work").glob("uploads-*/*")) == []

    async def test_comes_after_the_deadline(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: architecture.md: receipt is the time at the edge."""
        desk = operations(submission)
        await open_cohort(desk, days=-2)
        answer = await hand_in(desk, workbook)
        assert answer.status_code == 422
        assert answer.json()["type"].endswith(":DeadlinePassed")
        await self.nothing_is_left(submission, before=1)

    async def test_names_the_option_for_every_detail_that_is_missing(
        self, submission: Running, phases: Path, workbook: Path, tmp_path: Path
    ) -> None:
        """Source: the refusal names the field and the command line option."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        answer = await hand_in(desk, workbook, mentor="Somebody Without Address")
        assert answer.status_code == 400
        assert answer.json()["context"]["missing"] == [
            {"field": "mentor", "option": "--mentor 'Name <address>'"}
        ]
        answer = await hand_in(desk, workbook, email="not an address")
        assert answer.status_code == 400
        assert answer.json()["context"] == {"field": "email"}
        assert "--email" in answer.json()["title"]
        answer = await hand_in(desk, without_form(phases, tmp_path))
        missing = [each["field"] for each in answer.json()["context"]["missing"]]
        assert missing == ["name", "email", "organisation", "mentor"]
        await self.nothing_is_left(submission, before=1)

    async def test_comes_for_who_mentors_themself_or_works_elsewhere(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: domain.md section 1; what a decider refuses is refused first."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        answer = await hand_in(desk, workbook, mentor=f"Siobhán <{AWARE}>")
        assert (answer.status_code, problem_of(answer)) == (422, "OwnMentor")
        await self.nothing_is_left(submission, before=1)
        known = await register(
            desk, "siobhan", "participant", organisation="elsewhere", email=AWARE
        )
        assert known.status_code == 201
        before = len(await facts(submission))
        moved = await hand_in(desk, workbook, organisation="Aldermere College")
        assert problem_of(moved) == "OrganisationDiffers"
        await self.nothing_is_left(submission, before=before)

    async def test_names_a_cohort_that_does_not_exist(
        self, submission: Running, workbook: Path
    ) -> None:
        answer = await hand_in(operations(submission), workbook, cohort="ats-2031-10")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith(":UnknownCohort")
        await self.nothing_is_left(submission, before=0)

    async def test_tells_what_is_wrong_with_the_file(
        self, submission: Running, tmp_path: Path
    ) -> None:
        """Source: a refusal says what is wrong, where, and what to do."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        broken = tmp_path / "workbook.docx"
        broken.write_bytes(b"PK\x03\x04 and then nothing of the kind")
        answer = await hand_in(desk, broken)
        assert answer.status_code == 422
        (problem,) = answer.json()["fields"]
        assert problem["field"] == "workbook.docx"
        await self.nothing_is_left(submission, before=1)

    async def test_is_for_everybody_but_operations_and_participants(
        self, submission: Running, workbook: Path
    ) -> None:
        await open_cohort(operations(submission), days=7)
        rita = submission.as_person("submission", "rita", "reviewer")
        assert (await hand_in(rita, workbook)).status_code == 403


class TestParticipant:
    async def register_siobhan(self, desk: Client) -> None:
        answer = await register(
            desk,
            "siobhan",
            "participant",
            organisation="Aldermere College",
            email=AWARE,
        )
        assert answer.status_code == 201

    async def test_hands_in_for_themself_and_sees_their_own_case(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: domain.md section 1; S0 (an application comes first)."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        await self.register_siobhan(desk)
        own = submission.as_person("submission", "siobhan", "participant")
        early = await hand_in(own, workbook)
        assert early.json()["type"].endswith("ApplicationNeeded")
        place = {"cohort_id": COHORT, "person_id": "siobhan"}
        assert (await desk.post("/cases", place)).status_code == 201
        answer = await hand_in(own, workbook)
        assert answer.status_code == 201, answer.text
        assert answer.json()["person_id"] == "siobhan"
        case = await own.get(f"/cases/{answer.json()['case_id']}")
        assert (case.status_code, case.json()["state"]) == (200, "submitted")

    async def test_sees_no_case_of_anybody_else(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: domain.md section 1: nothing of another participant."""
        desk = operations(submission)
        await open_cohort(desk, days=7)
        case_id = (await hand_in(desk, workbook)).json()["case_id"]
        stranger = submission.as_person("submission", "zoe", "participant")
        answers = [
            await stranger.get(f"/cases/{case}") for case in (case_id, "c0", "c1")
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert (await stranger.get("/cases")).status_code == 403

    async def test_keeps_an_extension_of_their_own(
        self, submission: Running, workbook: Path
    ) -> None:
        """Source: S2 3.1.1, S2 4.4."""
        desk = operations(submission)
        await open_cohort(desk, days=-2)
        await self.register_siobhan(desk)
        assert (await register(desk, "ben", "mentor")).status_code == 201
        case_id = await enrol_extended(desk, "siobhan", mentor_id="ben")
        answer = await hand_in(desk, workbook, mentor="Ben <ben@example.org>")
        assert answer.status_code == 201, answer.text
        assert answer.json()["case_id"] == case_id
        *_, last = await facts(submission)
        assert b'"adjusted":false' in last.payload
