"""An application form in Word: sent in, refused field by field, opened by the panel."""

import httpx
import pytest

from services.submission.documents.samples.applications import FORMS, form_of
from services.submission.documents.samples.word import TextFile, write_word
from shared.contracts.portfolio import Paragraph
from tests.integration.services.journey import operations, register
from tests.integration.services.test_handing_in import problem_of, stored_files
from tests.integration.services.test_life_of_a_case import open_cohort
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

COHORT = "ats-applied"
WHO = "g.ashworth-mbeki@tidewell.example"


def sample() -> bytes:
    (source,) = FORMS.iterdir()
    return form_of(source)


async def send(
    client: Client, data: bytes, name: str = "Cais Gwenllïan.docx"
) -> httpx.Response:
    file = (name, data, "application/octet-stream")
    form = {"cohort_id": COHORT}
    return await client.post("/applications/form", files={"file": file}, data=form)


class TestApplicationFormSent:
    """Source: domain.md section 2, S0: a form (Word) goes to a panel that decides."""

    async def test_is_kept_for_the_panel_and_opened_for_a_reason(
        self, submission: Running
    ) -> None:
        desk = operations(submission)
        await open_cohort(desk, COHORT, "ATS", starts=107, due=470)
        answer = await send(desk, sample())
        assert answer.status_code == 201, answer.text
        case_id = answer.json()["case_id"]
        path = f"/applications/{case_id}"
        read = (await desk.get(path, reason="the panel meets")).json()
        assert read["person_id"] == answer.json()["person_id"]
        assert read["answers"]["experience"] == "2016-07-12"
        assert read["answers"]["name"] == "Gwenllian Ashworth-Mbeki"
        bare = await desk.get(f"{path}/form")
        assert problem_of(bare) == "ReasonMissing"
        opened = await desk.get(f"{path}/form", reason="the panel meets")
        assert opened.content == sample()
        assert "attachment" in opened.headers["Content-Disposition"]
        waiting = await desk.get(f"/cases/{case_id}/adjustments", reason="the panel")
        (asked,) = waiting.json()
        assert "I am dyslexic" in asked["asked"]
        decided = await desk.post(f"{path}/decision", {"decision": "eligible"})
        assert decided.status_code == 200, decided.text

    async def test_is_the_applicant_s_own_and_sent_once(
        self, submission: Running
    ) -> None:
        desk = operations(submission)
        await open_cohort(desk, COHORT, "ATS", starts=107, due=470)
        await register(desk, "gwen", "participant", email=WHO)
        gwen = submission.as_person("submission", "gwen", "participant")
        first = await send(gwen, sample())
        assert (first.status_code, first.json()["person_id"]) == (201, "gwen")
        assert (await send(gwen, sample())).status_code == 201
        own = await gwen.get(f"/applications/{first.json()['case_id']}/form")
        assert own.content == sample()
        ana = submission.as_person("submission", "ana", "participant")
        hers = await ana.get(f"/applications/{first.json()['case_id']}/form")
        assert problem_of(hers) == "NotEnrolled"
        assert problem_of(await send(ana, sample())) == "Forbidden"

    async def test_is_refused_with_each_field_and_leaves_no_file(
        self, submission: Running
    ) -> None:
        desk = operations(submission)
        await open_cohort(desk, COHORT, "ATS", starts=107, due=470)
        before = stored_files(submission)
        words = Paragraph(text="Name: Ana\nE-mail address: nowhere")
        thin = write_word(TextFile("Form", "", (words,)), {})
        answer = await send(desk, thin)
        assert problem_of(answer) == "ApplicationRefused"
        named = {each["field"]: each["problem"] for each in answer.json()["fields"]}
        assert "of the form name@domain" in named["E-mail address"]
        assert "Write it beside or under" in named["Your role"]
        other = await send(desk, b"Name: Ana", "form.md")
        assert "save it as .docx" in other.json()["fields"][0]["problem"]
        assert stored_files(submission) == before

    async def test_is_refused_outside_the_months_before_the_start(
        self, submission: Running
    ) -> None:
        """Source: S0: application three to four months before."""
        desk = operations(submission)
        await open_cohort(desk, COHORT, "ATS", starts=10, due=400)
        assert problem_of(await send(desk, sample())) in {
            "ApplicationClosed",
            "AdjustmentTooLate",
        }
