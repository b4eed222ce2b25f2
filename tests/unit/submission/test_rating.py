"""A self-assessment as its section shows it, and typed text as paragraphs."""

import pytest

from services.submission.handlers.paragraphs import paragraphs_of
from services.submission.handlers.rating import (
    HEAD,
    OwnRating,
    Ratings,
    UnknownBoxError,
    section_of,
)
from shared.contracts.portfolio import Heading, Paragraph, Table
from shared.programmes import load_programme

MENTOR = load_programme("ADVANCED-MENTOR")
(FORM,) = MENTOR.templates
QUALITIES = FORM.sections[0]
RATED = MENTOR.rated_standards(QUALITIES)


class TestSectionOf:
    def test_has_a_row_for_every_statement_of_its_mentor_standard(self) -> None:
        """Source: S4: red, amber or green for each statement."""
        given = Ratings({str(RATED[0].number): OwnRating("green", " Every Thursday. ")})
        (table,) = section_of(QUALITIES, RATED, given).blocks
        assert isinstance(table, Table)
        assert table.rows[0] == HEAD
        assert table.rows[1][2:] == ("green - Green", "Every Thursday.")
        assert len(table.rows) == len(RATED) + 1
        assert table.rows[2][2:] == ("", "")

    def test_has_strengths_targets_and_actions_below(self) -> None:
        """Source: S4: strengths, targets and actions for each standard."""
        given = Ratings({}, {"targets": "Listen.\n\nWait.", "actions": ""})
        _, *rest = section_of(QUALITIES, RATED, given).blocks
        assert rest == [
            Heading(level=1, text="Targets"),
            Paragraph(text="Listen."),
            Paragraph(text="Wait."),
        ]

    def test_refuses_a_box_that_the_form_does_not_have(self) -> None:
        """Source: S4: the programme file says which boxes there are."""
        with pytest.raises(UnknownBoxError) as refused:
            section_of(QUALITIES, RATED, Ratings({}, {"dreams": "Sleep."}))
        assert refused.value.context["known"] == ["strengths", "targets", "actions"]


class TestParagraphsOf:
    def test_divides_at_blank_lines_of_any_system(self) -> None:
        texts = [
            each.text for each in paragraphs_of("One\r\nline.\r\n \r\nTwo.\0\n\n\n")
        ]
        assert texts == ["One\nline.", "Two."]

    def test_is_nothing_for_white_space(self) -> None:
        assert paragraphs_of(" \n\n\t ") == ()
