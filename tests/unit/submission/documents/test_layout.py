"""Which template a portfolio is, and what each heading and file is in it."""

import pytest

from services.submission.documents.layout.naming import (
    part_for_file,
    section_for_file,
    section_for_heading,
)
from services.submission.documents.portfolio import Contact, word_count
from services.submission.documents.refusals import PortfolioRefusedError, Refusal
from shared.contracts.portfolio import Heading, Paragraph
from tests.unit.submission.documents.building import (
    STYLES,
    WordParts,
    paragraph,
    phases,
    read,
    root,
    template,
    word,
    workbook,
)

TITLES = [section.title for section in template("workbook").sections]


def refusals(upload: bytes | dict[str, bytes]) -> tuple[Refusal, ...]:
    """Return why *upload* is refused; the test fails if it is not."""
    with pytest.raises(PortfolioRefusedError) as refused:
        read(upload)
    return refused.value.refusals


def with_form(text: str) -> dict[str, bytes]:
    """Return a folder with another form."""
    return {**phases(), "portfolio.yaml": text.encode()}


class TestWorkbook:
    def test_has_a_cover_and_its_five_sections_in_order(self) -> None:
        """Source: S1."""
        found = read(workbook())
        assert found.template == "workbook"
        assert [section.title for section in found.sections] == ["Cover", *TITLES]
        assert found.sections[1].blocks == (Paragraph(text="Words of the section."),)
        assert {section.source_id for section in found.sections} == {
            found.evidence[0].id
        }

    def test_is_divided_at_headings_that_are_only_bold(self) -> None:
        body = "".join(
            paragraph(f"{number}. {title}:", bold=True) + paragraph("Words.")
            for number, title in enumerate(TITLES, start=1)
        )
        assert [each.title for each in read(word(body)).sections] == TITLES

    def test_is_divided_at_numbered_bold_headings_of_a_list(self) -> None:
        numbering = root(
            "w:numbering",
            '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
            '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        ).encode()
        body = "".join(
            '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
            f"<w:r><w:rPr><w:b/></w:rPr><w:t>{title}</w:t></w:r></w:p>"
            + paragraph("Words.")
            for title in TITLES
        )
        parts = WordParts(
            body,
            styles=STYLES,
            parts={"word/numbering.xml": numbering},
            links={"n": ("numbering", "numbering.xml")},
        )
        assert [each.title for each in read(parts.packed()).sections] == TITLES

    def test_takes_one_section_by_a_bold_line_where_its_style_was_forgotten(
        self,
    ) -> None:
        body = "".join(
            paragraph(title, "" if title == TITLES[2] else "Heading1", bold=True)
            + paragraph("Words.")
            for title in TITLES
        )
        assert [each.title for each in read(word(body)).sections] == TITLES

    def test_leaves_lower_headings_of_the_same_name_inside_their_section(self) -> None:
        body = "".join(
            paragraph(title, "Heading1")
            + paragraph("Introduction", "Heading2")
            + paragraph("Words.")
            for title in TITLES
        )
        found = read(word(body))
        assert [each.title for each in found.sections] == TITLES
        assert found.sections[2].blocks[0] == Heading(level=1, text="Introduction")

    def test_is_not_misled_by_a_list_of_contents(self) -> None:
        contents = "".join(paragraph(title, "Heading1") for title in TITLES)
        body = contents + "".join(
            paragraph(title, "Heading1") + paragraph(f"On {title}.") for title in TITLES
        )
        found = read(word(body))
        assert [each.title for each in found.sections] == TITLES
        assert all(word_count(each) for each in found.sections)

    def test_names_each_section_that_is_missing(self) -> None:
        (refusal,) = refusals(workbook(without="action-plan"))
        assert refusal.file == "workbook.docx"
        assert refusal.reason == "The section 'Final action plan' is missing."
        assert "Heading 1" in refusal.remedy

    def test_names_each_section_that_is_empty(self) -> None:
        found = refusals(workbook(words=" "))
        assert len(found) == 5
        assert found[0].reason == "The section 'Introduction' is empty."

    def test_is_refused_as_a_whole_when_it_is_another_form(self) -> None:
        (refusal,) = refusals(
            word(paragraph("Standard 1: Personal qualities", "Heading1"))
        )
        assert "It is not the ATS workbook" in refusal.reason
        assert "Standard 1: Personal qualities" in refusal.reason
        assert "Introduction, Professional development plan" in refusal.remedy

    def test_may_come_in_a_zip_with_evidence(self) -> None:
        found = read(
            {
                "my workbook.docx": workbook(),
                "evidence/letter.docx": word(paragraph("Dear Ann")),
                "evidence/notes.md": b"Notes.",
            }
        )
        assert [section.key for section in found.sections][-2:] == [
            "evidence-1",
            "evidence-2",
        ]
        assert found.sections[-1].title == "evidence/notes.md"

    def test_must_be_the_only_document_beside_the_form(self) -> None:
        (refusal,) = refusals(
            {
                "portfolio.yaml": b"template: workbook",
                "one.docx": workbook(),
                "two.docx": workbook(),
            }
        )
        assert "not clear which Word document" in refusal.reason


class TestPhases:
    def test_has_a_section_for_each_file_in_the_order_of_the_template(self) -> None:
        """Source: S0."""
        found = read(phases())
        assert found.template == "phases"
        assert [section.key for section in found.sections] == [
            "about-you",
            "self-assessment",
            "observation",
            "feedback-360-colleague",
            "feedback-360-manager",
            "feedback-360-learner-1",
            "feedback-360-learner-2",
            "feedback-360-learner-3",
            "development-plan",
            "cpd-log",
            "coaching",
            "technology",
            "improvement-project",
            "critical-incident",
            "reflective-diary",
            "critical-narrative",
            "mentor-statement",
            "manager-statement",
        ]

    def test_is_recognised_without_a_form(self) -> None:
        files = phases()
        del files["portfolio.yaml"]
        assert read(files).template == "phases"

    def test_needs_three_learners(self) -> None:
        """Source: S0."""
        files = phases()
        del files["360/learner-2.md"], files["360/learner-3.md"]
        (refusal,) = refusals(files)
        assert refusal.reason == (
            "'360-degree feedback' has 1 of at least 3 from: learner."
        )
        assert "360/learner-2.docx" in refusal.remedy

    def test_names_each_section_that_is_missing_or_empty(self) -> None:
        files = {**phases(), "coaching.md": b"  \n"}
        del files["technology.md"]
        assert {(each.file, each.reason) for each in refusals(files)} == {
            ("technology", "The section 'Use of technology' is missing."),
            ("coaching.md", "The section 'Coaching and mentoring' is empty."),
        }

    def test_refuses_two_files_for_one_section(self) -> None:
        files = {**phases(), "CPD record 2026.md": b"Words."}
        (refusal,) = refusals(files)
        assert "so does CPD record 2026.md" in refusal.reason

    def test_takes_everything_else_as_evidence(self) -> None:
        files = {**phases(), "evidence/about-you.md": b"A", "handout.md": b"B"}
        found = read(files)
        assert [each.title for each in found.sections[-2:]] == [
            "evidence/about-you.md",
            "handout.md",
        ]


class TestNaming:
    @pytest.mark.parametrize(
        ("heading", "key"),
        [
            ("Introduction", "introduction"),
            ("  INTRODUCTION: ", "introduction"),
            ("1. Introduction", "introduction"),
            ("Section 3 \N{EN DASH} Improvement project", "improvement-project"),
            ("c) Improvement project & case study", "improvement-project"),
            ("IV. Case studies, reports, and research", "case-studies"),
            ("Part B: PDP", "development-plan"),
            ("Introducción", None),
            ("My introduction to teaching", None),
            ("", None),
        ],
    )
    def test_finds_a_section_by_its_heading(
        self, heading: str, key: str | None
    ) -> None:
        found = section_for_heading(heading, template("workbook"))
        assert (found.key if found else None) == key

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("about-you.docx", "about-you"),
            ("01_About You (final).docx", "about-you"),
            ("Mentor's statement, R. Iveson.pdf", "mentor-statement"),
            ("line manager statement.pdf", "manager-statement"),
            ("CPD.docx", "cpd-log"),
            ("Phase 4/Coaching.docx", "coaching"),
            ("Phase 4/Notes on coaching.docx", None),
            ("360 feedback - learner 2.docx", "feedback-360"),
            ("handout.docx", None),
        ],
    )
    def test_finds_a_section_by_the_name_of_a_file(
        self, name: str, key: str | None
    ) -> None:
        found = section_for_file(name, template("phases"))
        assert (found.key if found else None) == key

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("360/colleague.docx", "colleague"),
            ("360/Line manager Colm.docx", "manager"),
            ("360/Learner2.docx", "learner"),
            ("360/students 3 Zoë.docx", "learner"),
            ("360/summary.docx", None),
        ],
    )
    def test_finds_whose_contribution_a_file_is(
        self, name: str, key: str | None
    ) -> None:
        section = template("phases").section("feedback-360")
        assert section is not None
        found = part_for_file(name, section)
        assert (found.key if found else None) == key


class TestForm:
    def test_says_who_and_where(self) -> None:
        found = read(
            with_form(
                "participant: {name: Zoë Lee, email: z@x.example,"
                " membership_number: 0123}\n"
                "cohort: October 2025\nsetting: Hill College\nrole: Tutor\n"
                "role_context: developmental\n"
                "fairness: {provider-type: college}\n"
                "qualifications: [{title: QTLS, date: 2016-03-18}]\n"
                "mentor: {name: Ann, email: a@x.example}\nmanager: {name: Bo}\n"
            )
        )
        assert found.participant.name == "Zoë Lee"
        assert found.participant.membership_number == "0123"
        assert found.cohort == "2025-10"
        assert (found.setting, found.role) == ("Hill College", "Tutor")
        assert found.role_context == "developmental"
        assert found.fairness == {"provider-type": "college"}
        assert [(each.title, each.date) for each in found.qualifications] == [
            ("QTLS", "2016-03-18")
        ]
        assert found.mentor == Contact(name="Ann", email="a@x.example")
        assert found.manager == Contact(name="Bo")

    def test_may_leave_fields_empty(self) -> None:
        found = read(with_form("participant: {name: Ann, email: }\nmentor:\n"))
        assert found.participant.name == "Ann"
        assert found.participant.email is None

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("mentor: {emial: a@x}", "mentor.emial: There is no such field."),
            ("participant: {email: nowhere}", "participant.email: String should match"),
            ("role_context: heroic", "role_context: Input should be 'deficit'"),
            ("template: diary", "template: ATS has no template diary."),
            ("programme: QTLS", "programme: It says QTLS, but it is handed in for ATS"),
            ("- a\n- b", "the form: Input should be a valid dictionary"),
            ("cohort: 1\ncohort: 2", "line 2: the field 'cohort' is there twice"),
            ("a: &x 1\nb: *x", "an anchor and alias"),
            ("a: [", "It cannot be read: line"),
            ("a: " + "x" * 70_000, "the limit is 65,536 bytes"),
        ],
    )
    def test_is_refused_with_the_field_and_a_remedy(
        self, text: str, reason: str
    ) -> None:
        (refusal,) = refusals(with_form(text))
        assert refusal.file == "portfolio.yaml"
        assert refusal.reason.startswith(reason) or reason in refusal.reason
        assert refusal.remedy

    def test_must_be_one(self) -> None:
        files = {**phases(), "portfolio.yml": b"programme: ATS"}
        (refusal,) = refusals(files)
        assert "second form" in refusal.reason


class TestCover:
    def test_says_who_and_where_in_lines_and_tables(self) -> None:
        rows = "".join(
            f"<w:tr><w:tc>{paragraph(label)}</w:tc><w:tc>{paragraph(value)}</w:tc></w:tr>"
            for label, value in (("E-mail", "z@x.example"), ("Cohort", "2025-10"))
        )
        body = (
            paragraph("ATS workbook", "Title")
            + paragraph("Name: Zoë Lee   Membership number: SF-1")
            + f"<w:tbl>{rows}</w:tbl>"
            + paragraph("Mentor: Ann O'Neil (ann@x.example)   Line manager: Bo Hill")
            + "".join(
                paragraph(title, "Heading1") + paragraph("Mentor: nobody")
                for title in TITLES
            )
        )
        found = read(word(body))
        assert found.participant.model_dump() == {
            "name": "Zoë Lee",
            "email": "z@x.example",
            "membership_number": "SF-1",
        }
        assert found.cohort == "2025-10"
        assert found.mentor == Contact(name="Ann O'Neil", email="ann@x.example")
        assert found.manager == Contact(name="Bo Hill")

    def test_gives_way_to_the_form(self) -> None:
        found = read(
            {
                "workbook.docx": workbook(),
                "portfolio.yaml": b"participant: {name: Ann B. Lee}",
            }
        )
        assert found.participant.name == "Ann B. Lee"
        assert found.participant.email == "a.lee@x.example"

    def test_leaves_what_it_does_not_say_open(self) -> None:
        found = read(workbook())
        assert found.cohort is None
        assert found.mentor == Contact()
