"""A portfolio tells by itself which programme and template it belongs to."""

import io

import pytest

from services.submission.documents.intake import survey
from services.submission.documents.layout import assemble
from services.submission.documents.layout.choosing import Workspace
from services.submission.documents.limits import budget_of
from services.submission.documents.packing import pack_files
from services.submission.documents.portfolio import Portfolio
from services.submission.documents.reading import widest
from services.submission.documents.refusals import PortfolioRefusedError, Problems
from shared.contracts.portfolio import Table
from shared.contracts.programme import SectionKind, Template
from shared.programmes import load_programme, programmes
from tests.unit.submission.documents.building import (
    paragraph,
    phases,
    word,
    workbook,
)

QTLS = load_programme("QTLS")
MENTOR = load_programme("ADVANCED-MENTOR")
TICKED = "\N{BALLOT BOX WITH X}"
OPEN = "\N{BALLOT BOX}"


def handed_in(upload: bytes | dict[str, bytes]) -> Portfolio:
    """Return the portfolio in an upload for which no cohort is named."""
    is_folder = isinstance(upload, dict)
    data = pack_files(upload) if isinstance(upload, dict) else upload
    every = programmes()
    policy, problems, kept = widest(every), Problems(), dict[str, bytes]()
    budget = budget_of(policy)
    found = survey(
        io.BytesIO(data),
        "folder.zip" if is_folder else "Portfolio.docx",
        policy=policy,
        budget=budget,
        problems=problems,
    )
    return assemble(found, Workspace(every, kept.__setitem__, budget, problems))


def folder_of(template: Template) -> dict[str, bytes]:
    """Return a file for each section of *template* that is required."""
    words = word(paragraph("Words of the section."))
    files = {
        f"{section.key}.docx": words
        for section in template.sections
        if section.required and not section.parts
    }
    for section in template.sections:
        for part in section.parts:
            for number in range(1, part.minimum + 1):
                files[f"{section.key}/{part.key}-{number}.docx"] = words
    return files


def checkbox(*, ticked: bool) -> str:
    """Return a check box as Word makes one: a control around a sign."""
    state, sign = ("1", TICKED) if ticked else ("0", OPEN)
    names = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    return (
        f"<w:p><w:sdt {names}><w:sdtPr><w14:checkbox>"
        f'<w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


def mentor_form(*, without: str = "") -> bytes:
    """Return the form with check boxes, two rows in each table."""
    (template,) = MENTOR.templates
    parts = []
    for section in template.sections:
        if section.key == without:
            continue
        parts.append(paragraph(section.title, "Heading1"))
        if section.kind is SectionKind.SELF_ASSESSMENT:
            parts.append(
                "<w:tbl>"
                + row(*map(paragraph, ("Statement", "Red", "Amber", "Green")))
                + row(
                    paragraph("Is approachable"),
                    checkbox(ticked=False),
                    checkbox(ticked=False),
                    checkbox(ticked=True),
                )
                + "</w:tbl>"
            )
        parts.append(paragraph(f"Words on {section.title.lower()}."))
    return word("".join(parts))


class TestChoosing:
    def test_tells_qtls_from_ats_by_the_files(self) -> None:
        """Source: S2; domain.md section 2: QTLS has sections of its own."""
        (template,) = QTLS.templates
        found = handed_in(folder_of(template))
        assert (found.programme, found.template) == ("QTLS", template.code)
        assert handed_in(phases()).programme == "ATS"

    def test_tells_the_form_of_mentors_from_the_workbook_by_its_headings(self) -> None:
        """Source: S1, S4."""
        assert handed_in(workbook()).template == "workbook"
        found = handed_in(mentor_form())
        assert (found.programme, found.template) == ("ADVANCED-MENTOR", "form")

    def test_believes_what_the_form_says(self) -> None:
        """Source: P: what is said wins over what it looks like."""
        (template,) = QTLS.templates
        files = folder_of(template) | {"portfolio.yaml": b"programme: ATS\n"}
        with pytest.raises(PortfolioRefusedError) as refused:
            handed_in(files)
        files_named = {each.file for each in refused.value.refusals}
        assert "critical-incident" in files_named, "ATS has it, QTLS does not"

    def test_refuses_a_programme_that_does_not_exist(self) -> None:
        """Source: a refusal says the file, the reason and the remedy."""
        with pytest.raises(PortfolioRefusedError) as refused:
            handed_in(phases() | {"portfolio.yaml": b"programme: BAKING\n"})
        (refusal,) = refused.value.refusals
        assert refusal.file == "portfolio.yaml"
        assert "ADVANCED-MENTOR, ATS, QTLS" in refusal.reason


class TestMentorForm:
    def test_keeps_check_boxes_where_they_were_ticked(self) -> None:
        """Source: S4: red, amber or green, ticked."""
        found = handed_in(mentor_form())
        section = next(s for s in found.sections if s.key == "personal-qualities")
        (table,) = [each for each in section.blocks if isinstance(each, Table)]
        assert table.rows[1] == ("Is approachable", OPEN, OPEN, TICKED)

    def test_is_accepted_with_fewer_rows_and_shown_so(self) -> None:
        """Source: S4: the counts are the template's."""
        found = handed_in(mentor_form())
        wanted = {each.key for each in MENTOR.templates[0].sections}
        assert wanted <= {each.key for each in found.sections}

    def test_names_the_section_it_lacks(self) -> None:
        """Source: domain.md section 2: completeness names what is missing."""
        with pytest.raises(PortfolioRefusedError) as refused:
            handed_in(mentor_form(without="performance-criteria"))
        (refusal,) = refused.value.refusals
        assert "'Performance criteria' is missing" in refusal.reason
