"""What the letters say. Sources: S0, S1, S2 6.2, AP; domain.md sections 3 and 5."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from services.notification.domain.events import Template
from services.notification.letters import Letter
from services.notification.letters.words import digest_of, template_versions
from tests.unit.notification.letters.examples import (
    ALL_MET,
    LETTER,
    Received,
    letter_of,
    received,
    rendered,
)

TEMPLATES: tuple[Template, ...] = get_args(Template)


def read(letter: Letter = LETTER) -> Received:
    return received(rendered(letter).content)


def everywhere(letter: Received) -> tuple[str, str, str]:
    return letter.flowing_text, letter.html, letter.pdf_text


@pytest.mark.parametrize("template", TEMPLATES)
class TestEveryLetter:
    def test_names_participant_programme_cohort_and_reference(
        self, template: Template
    ) -> None:
        for body in everywhere(read(letter_of(template))):
            for words in (
                "Zoë Adébáyò-O\u2019Brien",
                "Advanced Teacher Status (ATS)",
                "ats-2025-10",
                "c-7f3a9d21",
                "Monday 2 November 2026",
            ):
                assert words in body

    def test_carries_the_feedback_on_each_criterion(self, template: Template) -> None:
        for body in everywhere(read(letter_of(template))):
            assert "Authenticity: Met (level 3 of 4)" in body
            assert "Sufficiency: Partly met (level 2 of 4)" in body
            assert "From your present role." in body

    def test_has_the_version_its_files_say(self, template: Template) -> None:
        """Otherwise raise the version in templates/versions.yaml, and the digest."""
        assert template_versions()[template].sha256 == digest_of(template)

    def test_records_which_words_it_used(self, template: Template) -> None:
        letter = rendered(letter_of(template))
        assert letter.template == template
        assert letter.template_version == template_versions()[template].version
        assert letter.template_sha256 == template_versions()[template].sha256


class TestCriteriaNotMet:
    def test_says_what_to_change_where_and_by_which_standard(self) -> None:
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
        for body in everywhere(read()):
            assert "one free resubmission within 6 weeks" in body
            assert "Monday 14 December 2026" in body
            assert "30-minute conversation" in body
            assert "within 10 working days" in body

    def test_counts_the_weeks_from_the_day_in_london(self) -> None:
        before_midnight_utc = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
        text = read(replace(LETTER, decided_at=before_midnight_utc)).flowing_text
        assert "Date of decision: Thursday 2 July 2026" in text
        assert "Submit again by Thursday 13 August 2026" in text

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
        for body in everywhere(read(letter_of("outcome-cm", ALL_MET))):
            assert "invite you to the next stage, the viva, in a separate" in body
            assert "resubmi" not in body
            assert "Submit again" not in body
            assert "need to change" not in body
