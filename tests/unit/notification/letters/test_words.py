"""What the letters say. Sources: S0, S1, S2 6.2, AP; domain.md sections 3 and 5."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO
from typing import get_args

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from services.notification.domain import matters
from services.notification.domain.events import Template
from services.notification.domain.matters import Matter, Restart
from services.notification.letters import Letter
from services.notification.letters.words import (
    digest_of,
    last_moment,
    letter_words,
    pounds,
    template_versions,
)
from tests.unit.notification.examples import sealed
from tests.unit.notification.letters.examples import (
    DECIDED_AT,
    LETTER,
    LINK,
    SENDER,
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


WHAT_TO_DO: dict[Template, tuple[str, ...]] = {
    "receipt": (
        "start on Monday 16 November 2026",
        "You do not need to do anything until then",
    ),
    "statement-request": ("their manager", "Monday 2 November 2026 at 9.30am"),
    "feedback-request": ("one of their learners", "You do not have to answer."),
    "review-allocated": ("complete it by the end of Tuesday 15 December 2026",),
    "review-overdue": ("was due by the end of Tuesday 15 December 2026", "complete it"),
    "conflict-found": ("decide whether the portfolio is judged afresh", "your reason"),
    "moderation-overdue": (
        "to be settled by the end of Tuesday 15 December 2026",
        "see to it that it is judged now",
    ),
    "moderation-result": ("the outcome was changed", "reply to this letter"),
    "outcome-cm": ("You do not need to do anything until it arrives",),
    "outcome-cnm": (
        "Submit again by Monday 14 December 2026",
        "Book a time on your page",
        "within 10 working days of receiving it",
        "an administration fee of £150 would be due",
    ),
    "outcome-cnm-again": ("new portfolio", "fee of £150", "Reply to this letter."),
    "outcome-confirmed": ("invited to the viva in a separate letter",),
    "reminder-submission": ("due by the end of Monday 16 November 2026",),
    "reminder-resubmission": ("the end of Tuesday 3 November 2026", "fee of £150"),
    "reminder-viva": (
        "choose one until the end of Tuesday 3 November 2026",
        "Choose a time on your page",
        "Vivas are held in February, June and November",
    ),
    "restart": ("fee of £150", "If you did submit again in time", "Reply to this"),
    "viva-offered": (
        "Choose a time on your page",
        "until a week before",
        "held in February, June and November",
    ),
    "viva-booked": ("Tuesday 1 June 2027 at 10.30am", "Move it on your page"),
    "viva-moved": ("Wednesday 2 June 2027 at 2.00pm", "in the place of the old one"),
    "viva-not-passed": ("An invitation to choose a time follows", "10 working days"),
    "award": ("since Monday 2 November 2026 you hold", "ATS and FSET", "graduation"),
    "conversation-booked": ("Monday 9 November 2026 at 3.00pm", "choose another time"),
    "explanation-requested": ("by the end of Monday 9 November 2026", "10 working"),
    "explanation": (
        "until the end of Monday 16 November 2026",
        "Procedural error; a decision",
    ),
    "appeal-received": ("Procedural error", "A panel will hear it."),
    "appeal-upheld": ("judged afresh", "You do not have to hand anything in"),
    "appeal-dismissed": ("stands as it is", "do not change"),
}
"""What the reader of each letter has to know: what comes, by when, what to do."""


@pytest.mark.parametrize("template", TEMPLATES)
class TestLetter:
    """Source: domain.md section 5; S2 4.4, 6.2; AP 4.1 to 4.4."""

    def test_says_what_to_do_and_by_when(self, template: Template) -> None:
        for body in bodies(read(letter_of(template))):
            for words in WHAT_TO_DO[template]:
                assert words in " ".join(unescape(body).split())

    def test_says_whom_to_ask(self, template: Template) -> None:
        for body in bodies(read(letter_of(template))):
            assert re.search(r"[Rr]eply to (it|this letter)", " ".join(body.split()))
            assert SENDER.address in body


VARIANTS: tuple[tuple[Template, Matter, str, str], ...] = (
    (
        "conflict-found",
        matters.LateConflict(
            review_id="c-1.1.1", because="organisation", when="judged"
        ),
        "The new judgement is always moderated",
        "decide",
    ),
    (
        "conflict-found",
        matters.LateConflict(review_id="c-1.1.1", because="mentor", when="claimed"),
        "What they had written is kept",
        "always moderated",
    ),
    (
        "receipt",
        matters.Receipt(
            attempt=2,
            submitted_at=DECIDED_AT,
            review_opens_at=DECIDED_AT,
            snapshot_sha256="5a" * 32,
        ),
        "That takes about one month",
        "cohort has passed",
    ),
    (
        "outcome-confirmed",
        matters.Decision(
            attempt=1, outcome="CNM", replaces="CNM", feedback=sealed("f")
        ),
        "submit it once more, free of charge",
        "start again",
    ),
    (
        "outcome-confirmed",
        matters.Decision(
            attempt=2, outcome="CNM", replaces="CNM", feedback=sealed("f")
        ),
        "a new portfolio in the next cohort",
        "free of charge",
    ),
    (
        "outcome-confirmed",
        matters.Decision(
            attempt=1,
            outcome="CM",
            replaces="CM",
            because="conflict",
            feedback=sealed("f"),
        ),
        "somebody who judged your portfolio should not have done",
        "After your appeal",
    ),
    (
        "viva-not-passed",
        matters.VivaResult(number=2, last=True),
        "no further viva",
        "once more",
    ),
    (
        "appeal-received",
        matters.Appeal(against="support", grounds=(), due_on=date(2026, 11, 16)),
        "written response by the end of Monday 16 November 2026",
        "panel",
    ),
    (
        "appeal-upheld",
        matters.AppealDecision(is_upheld=True, remedy="other", words=sealed("w")),
        "said in the reasons above",
        "judged afresh",
    ),
    (
        "restart",
        matters.Restart(reason="viva_not_passed", feedback=None),
        "The letter with the decision says how",
        "in time",
    ),
    (
        "moderation-result",
        matters.Moderated(review_id="c-1.1.1", result="returned"),
        "judge again",
        "was changed",
    ),
)


class TestVariant:
    @pytest.mark.parametrize(
        ("template", "matter", "said", "unsaid"),
        VARIANTS,
        ids=[f"{template}: {said}" for template, _, said, _ in VARIANTS],
    )
    def test_says_what_is_so_and_nothing_else(
        self, template: Template, matter: Matter, said: str, unsaid: str
    ) -> None:
        """Source: domain.md sections 3 and 5."""
        text = read(letter_of(template, matter=matter)).flowing_text
        assert said in text
        assert unsaid not in text


class TestLastMoment:
    """Source: architecture.md: a date ends at 24:00 Europe/London, exclusive."""

    @pytest.mark.parametrize(
        ("at", "said"),
        [
            (datetime(2026, 6, 14, 23, tzinfo=UTC), "the end of Sunday 14 June 2026"),
            (datetime(2026, 6, 14, 22, tzinfo=UTC), "Sunday 14 June 2026 at 11.00pm"),
            (datetime(2026, 12, 16, tzinfo=UTC), "the end of Tuesday 15 December 2026"),
        ],
    )
    def test_of_a_day_is_its_end(self, at: datetime, said: str) -> None:
        assert last_moment(at) == said


class TestPounds:
    @pytest.mark.parametrize(
        ("pence", "said"), [(15_000, "£150"), (9_050, "£90.50"), (100_000, "£1,000")]
    )
    def test_show_pence_where_there_are_any(self, pence: int, said: str) -> None:
        assert pounds(pence) == said


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


class TestReminderOfAViva:
    @pytest.mark.parametrize(
        ("days_left", "said"),
        [(7, "7 days left to"), (1, "1 day left to"), (0, "the last day to")],
    )
    def test_says_how_long_is_left(self, days_left: int, said: str) -> None:
        """Source: domain.md section 5, reminders."""
        matter = matters.Reminder(
            about="viva", closes_on=date(2026, 11, 3), days_left=days_left
        )
        letter = read(letter_of("reminder-viva", matter=matter))
        assert f"{said} choose a time" in letter.message["Subject"]


class TestCriteriaNotMetAgain:
    def test_offers_a_new_start_and_no_further_resubmission(self) -> None:
        for body in everywhere(read(letter_of("outcome-cnm-again"))):
            assert "the next cohort with a new portfolio" in body
            assert "administration fee" in body
            assert "Submit again by" not in body
            assert "14 December" not in body

    def test_offers_the_conversation_that_every_cnm_gives(self) -> None:
        """Source: S2 6.2.1; S0; domain.md section 5."""
        for body in everywhere(read(letter_of("outcome-cnm-again"))):
            assert "30-minute conversation" in body
            assert "Book a time on your page" in body
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
        assert str(first["location"]) == "Remote: how to join is on your page"
        assert str(second["location"]) == "In person: where to come is on your page"
        assert "Reference c-7f3a9d21" in str(first["description"])

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
