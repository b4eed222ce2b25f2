"""Nothing that the services know is forgotten by the demonstration."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from services.appeals.domain.events import AppealFact
from services.cli.demo import cast
from services.cli.demo.reached import (
    AWARDED,
    ENDS,
    FACTS,
    LETTERS,
    NOT_REACHED,
    UNSENT,
)
from services.moderation.domain.events import ModerationFact
from services.notification.domain.events import NoticeFact, Template
from services.operations.domain.events import DeskFact
from services.review.domain.events import ReviewFact
from services.submission.domain.events import SubmissionFact
from services.submission.read_models import CaseState
from services.viva.domain.events import VivaFact
from shared.programmes import load_programme

UNIONS = (
    SubmissionFact,
    ReviewFact,
    ModerationFact,
    VivaFact,
    AppealFact,
    NoticeFact,
    DeskFact,
)
PROGRAMMES = ("ATS", "QTLS", "ADVANCED-MENTOR")
HOW = (
    "say in services/cli/demo/reached.py that the demonstration reaches it, or why not"
)
STATES: dict[str, str] = {
    "applied": "submission.ApplicationReceived",
    "eligible": "submission.EligibilityDecided",
    "refused": "submission.EligibilityDecided",
    "enrolled": "submission.Enrolled",
    "open": "submission.TemplateChosen",
    "submitted": "submission.Submitted",
    "criteria_met": "submission.OutcomeNoted",
    "resubmission": "submission.ResubmissionOpened",
    "restart_required": "submission.RestartRequired",
    "awarded": "submission.AwardNoted",
    "withdrawn": "submission.Withdrawn",
}
"""Which fact brings a case into a state that the office reads."""
COURSE = {
    "in review": "review.Claimed",
    "judged": "review.Completed",
    "sampled": "moderation.Drawn",
    "moderated": "moderation.Compared",
    "returned and judged again": "moderation.Rejudged",
    "outcome released": "moderation.OutcomeReleased",
    "viva offered": "viva.Offered",
    "viva booked": "viva.Booked",
    "viva held": "viva.Held",
    "viva passed": "viva.Passed",
    "viva not passed": "viva.NotPassed",
    "awarded": "viva.AwardConferred",
    "conversation": "appeals.ConversationHeld",
    "window missed": "submission.ResubmissionLapsed",
    "fee due": "submission.FeePaid",
    "explanation asked": "appeals.ExplanationRequested",
    "explained": "appeals.ExplanationGiven",
    "appeal lodged": "appeals.Lodged",
    "panel": "appeals.HearingPanelAppointed",
    "appeal upheld": "appeals.Upheld",
    "appeal dismissed": "appeals.Dismissed",
}
"""Every further step in the picture of a case's life."""
UNENDED = {
    *("applied", "eligible", "enrolled", "open", "submitted"),
    *("criteria_met", "resubmission"),
}
"""States that something follows."""


def types_in(union: object) -> Iterator[str]:
    """Yield the type of every fact in *union*."""
    fields: dict[str, Any] = getattr(union, "model_fields", {})
    if "type" in fields:
        yield str(fields["type"].default)
        return
    for each in get_args(union):
        if not isinstance(each, str):
            yield from types_in(each)


KNOWN = frozenset(type_ for union in UNIONS for type_ in types_in(union))


class TestFacts:
    def test_are_all_those_that_the_services_know(self) -> None:
        """Source: domain.md section 4."""
        assert len(KNOWN) > 170
        assert sorted(KNOWN - FACTS - NOT_REACHED.keys()) == [], HOW
        assert sorted((FACTS | NOT_REACHED.keys()) - KNOWN) == [], "take them out"

    def test_are_reached_or_not(self) -> None:
        assert sorted(FACTS & NOT_REACHED.keys()) == []

    def test_that_are_not_reached_have_a_reason(self) -> None:
        assert all(NOT_REACHED.values())


class TestLetters:
    def test_are_all_those_there_are(self) -> None:
        """Source: domain.md section 5."""
        assert frozenset(get_args(Template)) == LETTERS | UNSENT.keys(), HOW
        assert not LETTERS & UNSENT.keys()


class TestStates:
    def test_of_a_case_are_each_reached_by_a_fact(self) -> None:
        """Source: domain.md section 3."""
        assert STATES.keys() == set(get_args(CaseState)), HOW
        assert set(STATES.values()) <= FACTS

    @pytest.mark.parametrize(("step", "fact"), COURSE.items())
    def test_of_the_whole_life_are_each_reached_by_a_fact(
        self, step: str, fact: str
    ) -> None:
        """Source: domain.md section 3."""
        assert fact in FACTS, step


class TestEnds:
    def test_are_the_states_that_nothing_follows(self) -> None:
        """Source: domain.md section 3."""
        assert set(get_args(CaseState)) - UNENDED == ENDS


class TestAwarded:
    def test_is_somebody_of_every_programme_and_template(self) -> None:
        """Source: domain.md section 2: three programmes, four templates."""
        every = {
            (code, template.code)
            for code in PROGRAMMES
            for template in load_programme(code).templates
        }
        assert every == AWARDED, HOW

    @pytest.mark.parametrize("template", sorted(code for _, code in AWARDED))
    def test_has_somebody_who_hands_in_that_template(self, template: str) -> None:
        numbers = (*range(cast.WHOLE), *cast.FORMATIONS, *cast.FORMS)
        assert template in {cast.Participant(number).template for number in numbers}
