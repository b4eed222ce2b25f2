"""Portfolios that were not written for the project, read to the last word.

They lie beside the project and are not part of it: without them these tests are
skipped.
"""

from pathlib import Path

import pytest

from services.submission.documents import (
    Portfolio,
    PortfolioRefusedError,
    missing_fields,
    pack,
    word_count,
)
from services.submission.documents.reading import read_upload
from shared.contracts.portfolio import (
    Block,
    Image,
    Paragraph,
    PdfPage,
    Section,
    Table,
    section_text,
)
from shared.contracts.programme import Programme
from shared.programmes import load_programme
from shared.programmes import programmes as every

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "portfolios"

ONLY_ATS = (load_programme("ATS"),)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="../shared/data/portfolios is not beside the project"
)


def imported(
    name: str, contents: Path, *, programmes: tuple[Programme, ...] | None = None
) -> Portfolio:
    """Return the portfolio called *name*; its originals go to *contents*."""
    source = FOLDER / name
    contents.mkdir()
    if source.is_dir():
        upload = contents.parent / f"{name}.zip"
        upload.write_bytes(pack(source))
    else:
        upload = source
    return read_upload(
        upload, upload.name, programmes=programmes or every(), contents=contents
    )


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Return the workbook of a lecturer in plumbing."""
    return imported("open-1.docx", tmp_path_factory.mktemp("one") / "contents")


@pytest.fixture(scope="module")
def phases(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Return the folder of a teacher of English to speakers of other languages."""
    return imported("open-2", tmp_path_factory.mktemp("two") / "contents")


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Return the form of a mentor of a trainee teacher."""
    return imported("open-3.docx", tmp_path_factory.mktemp("three") / "contents")


def section(portfolio: Portfolio, key: str) -> Section:
    """Return one section."""
    (found,) = [each for each in portfolio.sections if each.key == key]
    return found


def blocks(portfolio: Portfolio) -> list[Block]:
    """Return every block in order."""
    return [block for each in portfolio.sections for block in each.blocks]


class TestOpenWorkbook:
    def test_has_its_five_sections(self, workbook: Portfolio) -> None:
        assert workbook.template == "workbook"
        assert [each.key for each in workbook.sections] == [
            "cover",
            "introduction",
            "development-plan",
            "improvement-project",
            "case-studies",
            "action-plan",
        ]

    def test_has_all_its_words(self, workbook: Portfolio) -> None:
        assert 3_400 <= sum(map(word_count, workbook.sections)) <= 3_440
        for key, words in (
            ("introduction", "sideways"),
            ("improvement-project", "fell flat on its first outing"),
            ("improvement-project", "2.9 to 6.8"),
            ("case-studies", '"Listening."'),
            ("action-plan", "Signed Gareth Pollitt, 18 September 2026"),
        ):
            assert words in section_text(section(workbook, key))

    def test_has_its_table_with_every_row(self, workbook: Portfolio) -> None:
        (table,) = [each for each in blocks(workbook) if isinstance(each, Table)]
        assert [row[1] for row in table.rows] == [
            "Standards",
            "7, 9, 10, 14",
            "1, 4, 5",
            "6, 19, 20",
            "3, 8, 18",
        ]
        assert table.header_rows == 1
        assert all(len(row) == 5 and all(row) for row in table.rows)

    def test_has_its_figure_in_place(self, workbook: Portfolio) -> None:
        project = section(workbook, "improvement-project").blocks
        (place,) = [
            index for index, each in enumerate(project) if isinstance(each, Image)
        ]
        image, caption = project[place], project[place + 1]
        assert isinstance(image, Image)
        assert isinstance(caption, Paragraph)
        assert caption.text.startswith("Figure 1. Mean marks")
        assert caption.style == "caption"
        (file,) = [each for each in workbook.evidence if each.id == image.evidence_id]
        assert (file.media_type, file.use) == ("image/png", "embedded")

    def test_has_its_quotes_and_its_numbered_steps(self, workbook: Portfolio) -> None:
        project = [
            each
            for each in section(workbook, "improvement-project").blocks
            if isinstance(each, Paragraph)
        ]
        quotes = [each.text for each in project if each.style == "quote"]
        steps = [each.text for each in project if each.style == "list_item"]
        assert len(quotes) == 2
        assert quotes[0].startswith("Before, I'd get the number")
        assert [step[:2] for step in steps] == ["1.", "2.", "3.", "4.", "5.", "6."]

    def test_says_who_and_where_but_not_the_address(self, workbook: Portfolio) -> None:
        assert workbook.participant.name == "Gareth Pollitt"
        assert workbook.participant.membership_number == "SF-204417"
        assert workbook.mentor.name == "Rosalind Amery"
        assert workbook.manager.name == "Terence Oduya"
        assert workbook.cohort == "2025-10"
        assert workbook.role == "Advanced lecturer, plumbing and domestic heating"
        assert missing_fields(workbook) == ("participant.email",)


class TestOpenPhases:
    def test_has_every_section_of_the_template(self, phases: Portfolio) -> None:
        template = load_programme("ATS").template("phases")
        assert template is not None
        keys = {each.key for each in phases.sections}
        assert {each.key for each in template.sections if not each.parts} <= keys

    def test_has_all_its_words(self, phases: Portfolio) -> None:
        assert word_count(section(phases, "critical-narrative")) == 1_763
        assert 5_600 <= sum(map(word_count, phases.sections)) <= 5_680

    def test_has_all_five_voices_of_the_360(self, phases: Portfolio) -> None:
        texts = {
            each.key: section_text(each)
            for each in phases.sections
            if each.key.startswith("feedback-360")
        }
        assert len(texts) == 5
        assert "Joanna Threlfall" in texts["feedback-360-colleague"]
        assert "Duncan Islip" in texts["feedback-360-manager"]
        learners = "".join(texts[f"feedback-360-learner-{each}"] for each in (1, 2, 3))
        assert all(name in learners for name in ("Hodan", "Tesfay", "Oksana"))

    def test_has_a_rating_for_all_twenty_standards(self, phases: Portfolio) -> None:
        (table,) = [
            each
            for each in section(phases, "self-assessment").blocks
            if isinstance(each, Table)
        ]
        assert [row[0] for row in table.rows[1:]] == [str(n) for n in range(1, 21)]
        assert table.rows[19][2] == "2"

    def test_has_the_words_of_its_pdfs(self, phases: Portfolio) -> None:
        for key, words in (
            ("observation", '"I draw it."'),
            ("mentor-statement", "agreed with her marking to within one word"),
            ("manager-statement", "92 per cent (12 of 13)"),
        ):
            (page,) = section(phases, key).blocks
            assert isinstance(page, PdfPage)
            assert words in page.text
            assert page.evidence_id == section(phases, key).source_id

    def test_has_its_chart_and_the_picture_of_the_tiles(
        self, phases: Portfolio
    ) -> None:
        (chart,) = [
            each
            for each in section(phases, "improvement-project").blocks
            if isinstance(each, Image)
        ]
        files = {each.name: each for each in phases.evidence}
        assert files["improvement-project, picture 1.png"].id == chart.evidence_id
        assert files["evidence/tiles-week-3.png"].media_type == "image/png"
        assert files["evidence/reading-check-form.pdf"].use == "evidence"

    def test_makes_its_evidence_readable(self, phases: Portfolio) -> None:
        texts = {
            each.title: section_text(each)
            for each in phases.sections
            if each.key.startswith("evidence-")
        }
        assert "Second listener scored 35" in texts["evidence/reading-check-form.pdf"]
        assert "Tiles before pens" in texts["evidence/workshop-handout-17-april.docx"]

    def test_says_who_and_where_completely(self, phases: Portfolio) -> None:
        assert missing_fields(phases) == ()
        assert phases.role_context == "developmental"
        assert phases.mentor.email == "p.garside@calderbrook-al.example"
        assert [each.date for each in phases.qualifications] == [
            "2006-07-12",
            "2012-06-29",
            "2016-03-18",
        ]


def rows(portfolio: Portfolio, key: str) -> list[tuple[str, ...]]:
    """Return the rows of every table of a section, headings left out."""
    tables = (
        each for each in section(portfolio, key).blocks if isinstance(each, Table)
    )
    return [row for table in tables for row in table.rows[table.header_rows :]]


class TestOpenMentorForm:
    def test_is_recognised_by_its_headings(self, form: Portfolio) -> None:
        assert (form.programme, form.template) == ("ADVANCED-MENTOR", "form")
        template = load_programme("ADVANCED-MENTOR").template("form")
        assert template is not None
        wanted = [each.key for each in template.sections if each.required]
        assert [key for key in wanted if not section(form, key).blocks] == []

    def test_has_all_its_words(self, form: Portfolio) -> None:
        assert 2_090 <= sum(map(word_count, form.sections)) <= 2_170
        for key, words in (
            ("personal-qualities", "thirty-four planned meetings we held thirty-one"),
            ("reflection-questions", "13. How will you develop as a mentor?"),
            ("reflection-and-targets", "Let the trainee summarise"),
            ("university-comments", "Joint observations on 27 November and 7 May"),
        ):
            assert words in section_text(section(form, key))

    def test_has_its_ticks_under_red_amber_and_green(self, form: Portfolio) -> None:
        keys = (
            "personal-qualities",
            "teaching",
            "professionalism",
            "development-and-partnership",
        )
        ticked = [row for key in keys for row in rows(form, key) if len(row) == 4]
        columns = [[cell.strip() for cell in row[1:]].index("\u2713") for row in ticked]
        assert [columns.count(column) for column in (0, 1, 2)] == [1, 3, 12]

    def test_is_shown_with_the_rows_it_has(self, form: Portfolio) -> None:
        """Source: S4: fewer rows than the template's are accepted."""
        criteria = rows(form, "performance-criteria")
        assert len(criteria) == 10
        assert all(row[2] == "\u2713" for row in criteria)
        answers = rows(form, "coaching-checklist")
        assert sum(row[2] == "\u2713" for row in answers) == 1, "one answer is no"

    def test_is_the_mentor_s_own(self, form: Portfolio) -> None:
        assert form.participant.name == "Helen Trewartha"
        assert form.participant.email == "h.trewartha@lowerfordcollege.example"
        assert form.mentor.name is None

    def test_is_refused_where_it_is_handed_in_for_another_programme(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(PortfolioRefusedError) as refused:
            imported("open-3.docx", tmp_path / "contents", programmes=ONLY_ATS)
        (refusal,) = refused.value.refusals
        assert "It is not the ATS workbook" in refusal.reason
        assert "Standard 1: Personal qualities" in refusal.reason
        assert "Introduction, Professional development plan" in refusal.remedy
