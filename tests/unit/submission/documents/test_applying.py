"""Application forms in Word: what is read, and what is refused with which remedy."""

from datetime import date
from pathlib import Path

import pytest

from services.submission.documents.applying import ApplicationRefusedError, read_form
from services.submission.documents.reading import read_one
from services.submission.documents.samples.applications import FORMS, form_of
from shared.contracts.portfolio import Block, Emphasis, Heading, Paragraph, Table
from shared.programmes import load_programme

ATS = load_programme("ATS")
APPLICATION = ATS.entry.application
assert APPLICATION is not None
FIELDS = APPLICATION.fields
TODAY = date(2026, 6, 20)

ANSWERS = {
    "Name": "Ana Abara",
    "E-mail address": "ana@example.org",
    "Employer": "South College",
    "QTLS and teaching qualifications": "PGCE, QTLS in 2019.",
    "Date of your teacher-training qualification": "12 July 2016",
    "Your role": "I lead a team of five.",
    "Impact on colleagues": "I coach six colleagues.",
}


def rows(**changes: str | None) -> tuple[Block, ...]:
    """Return a table of two columns: label, answer."""
    said = {**ANSWERS, **{name.replace("_", " "): to for name, to in changes.items()}}
    cells = tuple((name, text) for name, text in said.items() if text is not None)
    return (Table(rows=cells),)


def read(*blocks: Block) -> dict[str, str]:
    return read_form(blocks, FIELDS, today=TODAY)


def refused(*blocks: Block) -> list[str]:
    with pytest.raises(ApplicationRefusedError) as error:
        read(*blocks)
    return list(error.value.lines())


def bold(text: str) -> Paragraph:
    emphasis = (Emphasis(start=0, end=len(text), bold=True),)
    return Paragraph(text=text, emphasis=emphasis)


EXPECTED = {
    "name": "Ana Abara",
    "email": "ana@example.org",
    "organisation": "South College",
    "qualification": "PGCE, QTLS in 2019.",
    "qualification-date": "2016-07-12",
    "role": "I lead a team of five.",
    "impact": "I coach six colleagues.",
}


class TestApplicationForm:
    """Source: S0: an application form (Word) goes to a panel."""

    EMPTY = "{0}: The form says nothing here. Write it beside or under “{0}”."

    def test_is_read_from_a_table_of_two_columns(self) -> None:
        assert read(*rows()) == EXPECTED

    def test_is_read_from_paragraphs_with_labels(self) -> None:
        lines = [Paragraph(text=f"{name}: {text}") for name, text in ANSWERS.items()]
        assert read(*lines) == EXPECTED

    def test_is_read_from_words_under_a_label(self) -> None:
        under: list[Block] = []
        for name, text in ANSWERS.items():
            under += [bold(name), Paragraph(text=text)]
        assert read(*under) == EXPECTED
        with_headings = [
            Heading(level=2, text=each.text) if isinstance(each, Paragraph) else each
            for each in under[::2]
        ]
        mixed = [
            each
            for pair in zip(with_headings, under[1::2], strict=True)
            for each in pair
        ]
        assert read(*mixed) == EXPECTED

    def test_keeps_every_paragraph_under_a_label_and_none_of_the_next_part(
        self,
    ) -> None:
        more = (
            bold("Impact on colleagues"),
            Paragraph(text="First."),
            Paragraph(text="Second."),
            bold("Part 4: For the office"),
            Paragraph(text="Not an answer."),
        )
        found = read(*rows(Impact_on_colleagues=None), *more)
        assert found["impact"] == "First.\nSecond."

    def test_knows_labels_whatever_their_case_number_and_punctuation(self) -> None:
        other = {
            "1. FULL NAME *": "Zoë",
            "2) Email (work):": "zoe@example.org",
            "Qualification date (day, month, year)?": "July 2016",
        }
        changed = {"Name": None, "E-mail address": None}
        dates = {"Date of your teacher-training qualification": None}
        said = {**ANSWERS, **changed, **dates, **other}
        cells = tuple((name, text) for name, text in said.items() if text is not None)
        found = read(Table(rows=cells))
        assert (found["name"], found["email"]) == ("Zoë", "zoe@example.org")
        assert found["qualification-date"] == "2016-07-01"

    @pytest.mark.parametrize(
        "written",
        ["12th July 2016", "12 Jul 2016", "12/07/2016", "2016-07-12", "12.07.2016"],
    )
    def test_reads_a_date_as_people_in_england_write_it(self, written: str) -> None:
        name = "Date of your teacher-training qualification"
        said = {**ANSWERS, name: written}
        assert read(Table(rows=tuple(said.items())))["qualification-date"] == (
            "2016-07-12"
        )

    def test_names_every_field_that_is_missing_and_what_to_do(self) -> None:
        lines = refused(*rows(Name=None, Your_role="Click or tap here to enter text."))
        assert lines == [
            self.EMPTY.format("Name"),
            self.EMPTY.format("Your role"),
        ]

    @pytest.mark.parametrize(
        ("field", "written", "said"),
        [
            ("E-mail address", "ana at example", "of the form name@domain"),
            ("Date of your teacher-training qualification", "long ago", "12 July 2019"),
            ("Date of your teacher-training qualification", "1 May 2031", "to come"),
            ("Your role", "x" * 5001, "longer than 5,000 characters. Shorten it."),
        ],
    )
    def test_says_what_is_wrong_with_a_field(
        self, field: str, written: str, said: str
    ) -> None:
        (line,) = refused(Table(rows=tuple({**ANSWERS, field: written}.items())))
        assert line.startswith(f"{field}: ")
        assert said in line

    def test_refuses_two_answers_that_differ_and_takes_one_given_twice(self) -> None:
        (line,) = refused(*rows(), Paragraph(text="Name: Somebody Else"))
        assert line.startswith("Name: The form says this in two places")
        assert read(*rows(), Paragraph(text="Name: Ana Abara")) == EXPECTED

    def test_asks_for_nothing_that_is_not_required(self) -> None:
        found = read(*rows(), Paragraph(text="Mentor: Désirée Nwosu-Hale"))
        assert found == {**EXPECTED, "mentor": "Désirée Nwosu-Hale"}


class TestSampleForm:
    def test_is_read_with_its_accents_bold_headings_and_tracked_changes(
        self, tmp_path: Path
    ) -> None:
        """Source: S0: the form is a Word document, as people write it."""
        (source,) = FORMS.iterdir()
        path = tmp_path / "form.docx"
        path.write_bytes(form_of(source))
        portfolio = read_one(path, path.name, programme=ATS, contents=tmp_path)
        (section,) = portfolio.sections
        found = read_form(section.blocks, FIELDS, today=TODAY)
        assert set(found) == {each.key for each in FIELDS}
        assert found["qualification"].endswith("QTLS conferred in 2018.")
        assert found["qualification-date"] == "2016-07-12"
        assert found["mentor"].startswith("Désirée Nwosu-Hale")
        assert "For the office" not in found["impact"]
        assert found["impact"].count("\n") == 1
