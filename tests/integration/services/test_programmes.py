"""Portfolios of every programme come in over HTTP, each by its own rules."""

from pathlib import Path

import pytest

from services.submission.documents.packing import pack_files
from shared.programmes import load_programme
from tests.integration.services.journey import hand_in, open_cohort, operations
from tests.integration.services.test_handing_in import problem_of, stored_files
from tests.support.running_services import LEAKED_AT_STOP, Running
from tests.unit.submission.documents.building import paragraph, word
from tests.unit.submission.documents.test_programmes import folder_of, mentor_form

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

HELEN = {
    "name": "Helen",
    "email": "helen@example.org",
    "organisation": "North College",
}


class TestAdvancedMentor:
    async def test_is_handed_in_without_a_mentor(
        self, submission: Running, tmp_path: Path
    ) -> None:
        """Source: S4: a mentor of trainees has nobody who accompanies them."""
        desk = operations(submission)
        cohort = "advanced-mentor-2025-09"
        await open_cohort(desk, days=7, cohort=cohort, programme="ADVANCED-MENTOR")
        form = tmp_path / "Mentor form.docx"
        form.write_bytes(mentor_form())
        answer = await hand_in(desk, form, cohort=cohort, **HELEN)
        assert answer.status_code == 201, answer.text
        assert answer.json()["mentor_id"] is None
        row = (await desk.get(f"/cases/{answer.json()['case_id']}")).json()
        assert (row["state"], row["template"]) == ("submitted", "form")

    async def test_leaves_nothing_behind_when_a_part_is_missing(
        self, submission: Running, tmp_path: Path
    ) -> None:
        """Source: nothing is half imported."""
        desk = operations(submission)
        cohort = "advanced-mentor-2025-09"
        await open_cohort(desk, days=7, cohort=cohort, programme="ADVANCED-MENTOR")
        form = tmp_path / "Mentor form.docx"
        form.write_bytes(mentor_form(without="verification"))
        answer = await hand_in(desk, form, cohort=cohort, **HELEN)
        assert problem_of(answer) == "PortfolioRefused"
        assert stored_files(submission) == []


class TestQtls:
    async def test_is_handed_in_with_a_supporter(
        self, submission: Running, tmp_path: Path
    ) -> None:
        """Source: S2: the supporter is appointed by the participant."""
        desk = operations(submission)
        await open_cohort(desk, days=7, cohort="qtls-2026-04", programme="QTLS")
        (template,) = load_programme("QTLS").templates
        folder = tmp_path / "Zoë's portfolio.zip"
        folder.write_bytes(pack_files(folder_of(template)))
        no_one = await hand_in(desk, folder, cohort="qtls-2026-04", **HELEN)
        assert problem_of(no_one) == "DetailsMissing"
        mentor = "Sam <sam@example.org>"
        answer = await hand_in(
            desk, folder, cohort="qtls-2026-04", mentor=mentor, **HELEN
        )
        assert answer.status_code == 201, answer.text
        row = (await desk.get(f"/cases/{answer.json()['case_id']}")).json()
        assert (row["programme"], row["template"]) == ("QTLS", template.code)


class TestCohort:
    async def test_is_found_by_what_the_portfolio_says(
        self, submission: Running, tmp_path: Path
    ) -> None:
        """Source: the portfolio says of which programme and month it is."""
        desk = operations(submission)
        await open_cohort(desk, days=7, cohort="qtls-2026-04", programme="QTLS")
        (template,) = load_programme("QTLS").templates
        form = (
            b"cohort: April 2026\nsetting: North College\n"
            b"participant: {name: Helen, email: helen@example.org}\n"
            b"mentor: {name: Sam, email: sam@example.org}\n"
        )
        # The same handout in two folders, under one name: both are kept, once.
        handout = word(paragraph("Tiles before pens."))
        twice = {
            "evidence/a/handout.docx": handout,
            "evidence/b/handout.docx": handout,
        }
        files = folder_of(template) | {"portfolio.yaml": form} | twice
        folder = tmp_path / "portfolio.zip"
        folder.write_bytes(pack_files(files))
        upload = {"file": (folder.name, folder.read_bytes(), "application/zip")}
        answer = await desk.post("/portfolios", files=upload)
        assert answer.status_code == 201, answer.text
        assert answer.json()["cohort_id"] == "qtls-2026-04"
