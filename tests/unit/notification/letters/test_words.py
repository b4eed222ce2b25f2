"""What the letters say. Sources: S0, S1, S2 6.2, AP; domain.md sections 3 and 5."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import get_args

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from services.notification.domain.events import Template
from services.notification.domain.matters import Restart
from services.notification.letters import Letter
from services.notification.letters.words import (
    digest_of,
    letter_words,
    template_versions,
)
from tests.unit.notification.letters.examples import (
    LETTER,
    LINK,
    Received,
    letter_of,
    received,
    rendered,
)

TEMPLATES: tuple[Template, ...] = get_args(Template)


def read(letter: Letter = LETTER) -> Received:
    return received(rendered(letter).content)


def bodies(letter: Received) -> tuple[str, str]:
    return letter.flowing_text, letter.html


def everywhere(letter: Received) -> tuple[str, str, str]:
    return letter.flowing_text, letter.html, letter.pdf_text


@pytest.mark.parametrize("template", TEMPLATES)
class TestEveryLetter:
    def test_names_reader_programme_cohort_and_reference_as_text_and_html(
        self, template: Template
    ) -> None:
        """Source: domain.md section 5: plain text and HTML."""
        for body in bodies(read(letter_of(template))):
            for words in (
                "Zoë Adébáyò-O\u2019Brien",
                "Advanced Teacher Status (ATS)",
                "ats-2025-10",
                "c-7f3a9d21",
                "Monday 2 November 2026",
            ):
                assert words in body

    def test_says_something_and_leaves_no_gap(self, template: Template) -> None:
        for body in bodies(read(letter_of(template))):
            assert "Yours sincerely" in body
            assert not set("{}") & set(body.partition("</style>")[2] or body)
            assert "None" not in body

    def test_shows_feedback_and_reasons_where_there_are_any(
        self, template: Template
    ) -> None:
        letter = letter_of(template)
        for body in bodies(read(letter)):
            has_feedback = "Authenticity: Met (level 3 of 4)" in body
            assert has_feedback == (letter.feedback is not None)
            assert ("The reviewer read every section." in body) == bool(letter.words)

    def test_carries_the_files_its_words_name(self, template: Template) -> None:
        words, files = letter_words(template), read(letter_of(template)).files
        kinds = {
            "decision" if words.decision else "letter": words.has_pdf,
            "certificate": words.has_certificate,
            "appointment": words.has_calendar,
        }
        expected = {kind for kind, is_there in kinds.items() if is_there}
        assert {name.partition("-")[0].partition(".")[0] for name in files} == expected

    def test_has_the_version_its_files_say(self, template: Template) -> None:
        """Otherwise raise the version in templates/versions.yaml, and the digest."""
        assert template_versions()[template].sha256 == digest_of(template)

    def test_records_which_words_it_used(self, template: Template) -> None:
        """Source: domain.md section 5: template version and content hash."""
        letter = rendered(letter_of(template))
        assert letter.template == template
        assert letter.template_version == template_versions()[template].version
        assert letter.template_sha256 == template_versions()[template].sha256


class TestCriteriaNotMet:
    def test_says_what_to_change_where_and_by_which_standard(self) -> None:
        """Source: S0: which aspects need to be improved."""
        for body in everywhere(read()):
            assert "Improvement project or case study" in body
            assert "(Standard 20, Improving the organisation)" in body
            assert "Quote two colleagues." in body
            assert "Say how long it lasted." in body

    def test_tells_a_required_change_from_a_suggestion(self) -> None:
        text = read().text
        required = text.index("What you need to change:")
        assert required < text.index("Quote two colleagues.")
        assert text.index("Suggestions:") < text.index("Name who reviews it.")
        assert text.count("What you need to change:") == 1

    def test_offers_resubmission_conversation_and_explanation(self) -> None:
        """Source: S2 6.2.1; S0; AP 4.1; domain.md section 5."""
        for body in everywhere(read()):
            assert "one free resubmission" in body
            assert "Submit again by Monday 14 December 2026" in body
            assert "30-minute conversation" in body
            assert "within 10 working days" in body

    def test_gives_the_day_of_the_decision_in_london(self) -> None:
        before_midnight_utc = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
        text = read(replace(LETTER, told_at=before_midnight_utc)).flowing_text
        assert "Date of decision: Thursday 2 July 2026" in text

    def test_calls_sections_as_the_shape_of_the_portfolio_does(self) -> None:
        phases = read(replace(LETTER, portfolio_template="phases"))
        assert "Quality improvement project" in phases.flowing_text


class TestCriteriaNotMetAgain:
    def test_offers_a_new_start_and_no_further_resubmission(self) -> None:
        for body in everywhere(read(letter_of("outcome-cnm-again"))):
            assert "the next cohort with a new portfolio" in body
            assert "administration fee" in body
            assert "Submit again by" not in body
            assert "14 December" not in body
            assert "What is missing" in body
            assert "need to change" not in body


class TestCriteriaMet:
    def test_says_that_an_invitation_follows_and_no_more(self) -> None:
        """Source: S1; domain.md section 5."""
        for body in everywhere(read(letter_of("outcome-cm"))):
            assert "invite you to the next stage, the viva, in a separate" in body
            assert "resubmi" not in body
            assert "Submit again" not in body
            assert "need to change" not in body


class TestAppointment:
    """Source: domain.md section 5: viva booked or moved, with a calendar file."""

    def test_is_an_entry_that_calendars_replace_when_it_moves(self) -> None:
        booked, moved = (
            Calendar.from_ical(read(letter_of(template)).files["appointment.ics"])
            for template in ("viva-booked", "viva-moved")
        )
        (first,), (second,) = booked.events, moved.events
        assert first["uid"] == second["uid"]
        assert (first["sequence"], second["sequence"]) == (0, 1)
        assert first.start == datetime(2027, 6, 1, 9, 30, tzinfo=UTC)
        assert first.end - first.start == timedelta(minutes=60)
        assert booked["method"] == "REQUEST"

    def test_is_told_in_london_time(self) -> None:
        text = read(letter_of("viva-booked")).flowing_text
        assert "Tuesday 1 June 2027 at 10.30am" in text


class TestAward:
    """Source: S0, S1: status, certificate, grade and post-nominals, graduation."""

    def test_comes_with_the_certificate(self) -> None:
        letter = read(letter_of("award"))
        (pdf,) = letter.files.values()
        pages = PdfReader(BytesIO(pdf)).pages
        words = " ".join(pages[0].extract_text().split())
        assert len(pages) == 1
        for expected in (
            "Advanced Teacher Status",
            "Zoë Adébáyò-O\u2019Brien",
            "ATS-2026-7Q4K",
            "Monday 2 November 2026",
            "FSET",
        ):
            assert expected in words
        assert "Certificate number: ATS-2026-7Q4K" in letter.flowing_text


class TestInvitation:
    """Source: S0; architecture.md, "One-time links"."""

    @pytest.mark.parametrize("template", ["statement-request", "feedback-request"])
    def test_carries_the_link_of_its_reader(self, template: Template) -> None:
        letter = read(letter_of(template))
        assert LINK in letter.text
        assert f'href="{LINK}"' in letter.html
        assert "Participant: Ana Sousa" in letter.flowing_text

    def test_takes_no_markup_from_a_link(self) -> None:
        letter = replace(letter_of("feedback-request"), link='https://x/"><b>')
        assert "<b>" not in read(letter).html


class TestRestart:
    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            ("resubmission_late", "we have not received it"),
            ("viva_not_passed", "Your second viva"),
        ],
    )
    def test_says_why_and_what_it_costs(self, reason: str, words: str) -> None:
        """Source: S2 6.2.3."""
        matter = Restart.model_validate({"reason": reason, "feedback": None})
        text = read(letter_of("restart", matter=matter)).flowing_text
        assert words in text
        assert "administration fee of £" in text
