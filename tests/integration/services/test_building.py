"""A portfolio built over HTTP, from the template to the snapshot that is handed in."""

import pytest

from services.submission.documents.contents.content import content_id
from tests.integration.services.building import STANDARDS, WORDS, Making, enrolled
from tests.integration.services.journey import operations
from tests.integration.services.test_handing_in import (
    facts,
    problem_of,
    stored_files,
)
from tests.support.running_services import LEAKED_AT_STOP, Running
from tests.unit.submission.documents.building import (
    WordParts,
    paragraph,
    png,
    word,
)
from tests.unit.submission.documents.word.parts import drawing

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)


class TestBuilding:
    async def test_leads_from_a_template_to_a_portfolio_that_is_handed_in(
        self, submission: Running
    ) -> None:
        """Source: domain.md section 2; S0."""
        making = await enrolled(submission)
        await making.fill()
        await making.hear()
        found = await making.overview()
        assert found["missing"] == []
        assert {each["state"] for each in found["requests"]} == {"received"}
        body = {"role_context": "developmental"}
        answer = await making.post("submission", body)
        assert answer.status_code == 201, answer.text
        again = await making.post("submission", body)
        assert again.json()["snapshot_sha256"] == answer.json()["snapshot_sha256"]
        row = (await operations(submission).get(f"/cases/{making.case_id}")).json()
        assert (row["state"], row["template"]) == ("submitted", "phases")
        late = await making.post("sections/coaching", {"markdown": "One more thing."})
        assert problem_of(late) == "AlreadySubmitted"

    async def test_names_everything_that_is_missing_and_stores_nothing(
        self, submission: Running
    ) -> None:
        """Source: domain.md section 2: completeness names what is missing."""
        making = await enrolled(submission)
        before = stored_files(submission)
        answer = await making.post("submission", {})
        assert (answer.status_code, problem_of(answer)) == (422, "PortfolioIncomplete")
        for title in ("“About you”", "“Mentor statement”", "from learner (0 of 3)"):
            assert title in answer.json()["title"]
        assert stored_files(submission) == before

    async def test_needs_to_know_which_template(self, submission: Running) -> None:
        """Source: S0, S1: two templates of ATS occur."""
        making = await enrolled(submission, template=None)
        answer = await making.post("sections/about-you", {"markdown": WORDS})
        assert problem_of(answer) == "NoTemplate"
        assert answer.json()["context"]["templates"] == ["workbook", "phases"]
        unknown = await making.post("template", {"template": "scrapbook"})
        assert problem_of(unknown) == "UnknownTemplate"

    async def test_is_for_the_participant_alone(self, submission: Running) -> None:
        """Source: domain.md section 1."""
        making = await enrolled(submission)
        bella = submission.as_person("submission", "bella", "participant")
        other = Making(submission, bella, making.case_id)
        answer = await other.post("sections/coaching", {"markdown": WORDS})
        assert (answer.status_code, problem_of(answer)) == (404, "NotEnrolled")
        assert (await bella.get(making.path("portfolio"))).status_code == 404


class TestSection:
    async def test_is_read_back_as_it_was_saved(self, submission: Running) -> None:
        """Source: domain.md section 2: a portfolio is filled section by section."""
        making = await enrolled(submission)
        answer = await making.post("sections/coaching", {"markdown": WORDS})
        assert answer.json() | {"position": 0} == {
            "section": "coaching",
            "words": 11,
            "position": 0,
        }
        section = (await making.ana.get(making.path("sections/coaching"))).json()
        texts = [block["text"] for block in section["blocks"]]
        assert texts == [
            "I changed one thing.",
            "It worked for nine of ten learners.",
        ]
        payloads = b"".join(event.payload for event in await facts(submission))
        assert b"nine of ten" not in payloads

    async def test_takes_a_document_with_its_picture(self, submission: Running) -> None:
        """Source: architecture.md: the same blocks as a portfolio handed in."""
        making = await enrolled(submission)
        document = WordParts(
            paragraph("What the chart shows.") + drawing('<a:blip r:embed="p"/>'),
            links={"p": ("image", "media/image1.png")},
            parts={"word/media/image1.png": png(3, 2)},
        ).packed()
        answer = await making.upload("sections/technology/file", "use.docx", document)
        assert answer.status_code == 200, answer.text
        section = (await making.ana.get(making.path("sections/technology"))).json()
        (image,) = [each for each in section["blocks"] if each["kind"] == "image"]
        path = making.path(f"evidence/{image['evidence_id']}")
        file = await making.ana.get(path)
        assert content_id(file.content) == content_id(png(3, 2))
        assert file.headers["Content-Security-Policy"].startswith("sandbox")

    async def test_is_not_written_by_the_participant_where_others_are_asked(
        self, submission: Running
    ) -> None:
        """Source: S0: mentor, manager and 360-degree feedback."""
        making = await enrolled(submission)
        for key in ("mentor-statement", "feedback-360"):
            answer = await making.post(f"sections/{key}", {"markdown": WORDS})
            assert problem_of(answer) == "WrittenByOthers"

    async def test_says_what_is_wrong_with_a_file(self, submission: Running) -> None:
        """Source: consoles.md, uploads."""
        making = await enrolled(submission)
        answer = await making.upload("sections/coaching/file", "a.docx", b"no document")
        assert answer.status_code == 422
        (problem,) = answer.json()["fields"]
        assert problem["field"] == "a.docx"
        assert stored_files(submission) == []


class TestEvidence:
    async def test_is_attached_once_and_removed_again(
        self, submission: Running
    ) -> None:
        """Source: domain.md section 4; architecture.md, "Personal data"."""
        making = await enrolled(submission)
        handout = word(paragraph("Tiles before pens."))
        first = await making.upload("evidence", "Händout 3.docx", handout)
        assert first.status_code == 201, first.text
        again = await making.upload("evidence", "Händout 3.docx", handout)
        assert again.json()["evidence_id"] == first.json()["evidence_id"]
        found = await making.overview()
        (file,) = found["evidence"]
        assert file["name"] == "Händout 3.docx"
        key = f"evidence-{file['id']}"
        assert found["others"] == [key]
        words = (await making.ana.get(making.path(f"sections/{key}"))).json()
        assert words["blocks"][0]["text"] == "Tiles before pens."
        gone = await making.post(f"evidence/{file['id']}/remove")
        assert gone.status_code == 200
        left = await making.overview()
        assert (left["evidence"], left["others"]) == ([], [])
        never = await making.post(f"evidence/{'0' * 32}/remove")
        assert problem_of(never) == "EvidenceNotAttached"

    @pytest.mark.parametrize("name", ["plan.exe", "plan.zip", "plan.docm"])
    async def test_is_of_a_kind_that_can_be_read(
        self, submission: Running, name: str
    ) -> None:
        """Source: consoles.md, uploads."""
        making = await enrolled(submission)
        answer = await making.upload("evidence", name, b"PK\x03\x04")
        (problem,) = answer.json()["fields"]
        assert problem["field"] == name
        assert stored_files(submission) == []


class TestSelfRating:
    async def test_is_a_table_of_all_standards_with_those_that_are_rated(
        self, submission: Running
    ) -> None:
        """Source: S0: a rating and a comment for each of the twenty standards."""
        making = await enrolled(submission)
        rated = {"18": {"rating": "2", "comment": "Safety,\nfirst."}}
        answer = await making.post("ratings/self-assessment", {"standards": rated})
        assert (answer.json()["rated"], answer.json()["of"]) == (1, 20)
        path = making.path("sections/self-assessment")
        (table,) = (await making.ana.get(path)).json()["blocks"]
        assert [row[0] for row in table["rows"][1:]] == STANDARDS
        assert table["rows"][18][2:] == ["2 - Beginning", "Safety,\nfirst."]

    async def test_refuses_what_is_on_no_scale(self, submission: Running) -> None:
        """Source: S0: the programme file says which standards and which ratings."""
        making = await enrolled(submission)
        for standards, problem in (
            ({"21": {"rating": "2"}}, "UnknownStandard"),
            ({"2": {"rating": "9"}}, "UnknownRating"),
        ):
            body = {"standards": standards}
            answer = await making.post("ratings/self-assessment", body)
            assert problem_of(answer) == problem
        answer = await making.post("ratings/coaching", {"standards": {}})
        assert problem_of(answer) == "RatedSection"


class TestDraft:
    async def test_keeps_versions_for_its_author_alone(
        self, submission: Running
    ) -> None:
        """Source: architecture.md, "HTTP, time, drafts"."""
        making = await enrolled(submission)
        path = making.path("drafts/coaching")
        headers = {"Authorization": f"Bearer {making.ana.token}"}
        for after, text in enumerate(("I began", "I began anew")):
            body = {"text": text, "after": after}
            saved = await making.http.put(path, json=body, headers=headers)
            assert saved.json() == {"version": after + 1}, saved.text
        stale = await making.http.put(
            path, json={"text": "Elsewhere", "after": 1}, headers=headers
        )
        assert (stale.status_code, problem_of(stale)) == (409, "DraftChanged")
        assert stale.json()["context"]["latest"] == 2
        latest = (await making.ana.get(path)).json()
        assert (latest["version"], latest["text"]) == (2, "I began anew")
        first = (await making.ana.get(path, version=1)).json()
        assert first["text"] == "I began"
        versions = (await making.ana.get(f"{path}/versions")).json()
        assert [each["version"] for each in versions] == [2, 1]
        olga = operations(submission)
        assert (await olga.get(path)).status_code == 404
        assert len(await facts(submission)) == making.ana.reached.position
