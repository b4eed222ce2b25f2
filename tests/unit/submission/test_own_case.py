"""A participant's own case: which shape it has, and which sections are theirs."""

import pytest

from services.submission.domain.decide import case
from services.submission.domain.events import CaseEvent, TemplateChosen
from services.submission.domain.submitting import enrolled as portfolio_of
from services.submission.handlers.handing_in import attempt_of
from services.submission.handlers.own_case import (
    NoTemplateError,
    OwnCase,
    RatedSectionError,
    UnknownSectionError,
    WrittenByOthersError,
)
from shared.programmes import load_programme
from tests.unit.submission.examples import AT, enrolled, saved, submitted
from tests.unit.submission.lives import noted, window

PHASES = TemplateChosen(template="phases", occurred_at=AT)


def own(*history: CaseEvent, programme: str = "ATS") -> OwnCase:
    state = case.fold((enrolled(programme=programme), *history))
    return OwnCase(state, portfolio_of(state), load_programme(programme))


class TestOwnCase:
    def test_has_the_template_that_was_chosen(self) -> None:
        """Source: S0, S1: two templates of ATS occur."""
        assert own(PHASES).template.code == "phases"
        with pytest.raises(NoTemplateError) as refused:
            own().template  # noqa: B018 - looking is what is refused
        assert refused.value.context["templates"] == ["workbook", "phases"]

    @pytest.mark.parametrize("programme", ["QTLS", "ADVANCED-MENTOR"])
    def test_has_the_only_template_there_is(self, programme: str) -> None:
        """Source: S2, S4: one template each."""
        (template,) = load_programme(programme).templates
        assert own(programme=programme).template == template

    def test_keeps_the_template_of_the_first_attempt(self) -> None:
        """Source: S2 6.2.1: a resubmission is of the same portfolio."""
        again = own(saved(), submitted(template="workbook"), noted(), window())
        assert again.template.code == "workbook"
        assert attempt_of(again.state) == 2

    def test_lets_the_participant_upload_the_report_of_an_observation(self) -> None:
        """Source: S0: the observer's report is handed in with the portfolio."""
        assert own(PHASES).own_section("observation").key == "observation"

    @pytest.mark.parametrize(
        "key", ["mentor-statement", "manager-statement", "feedback-360"]
    )
    def test_leaves_the_words_of_others_to_them(self, key: str) -> None:
        """Source: S0: mentor, manager and 360-degree feedback."""
        with pytest.raises(WrittenByOthersError):
            own(PHASES).own_section(key)

    def test_rates_only_where_the_programme_asks_for_ratings(self) -> None:
        """Source: S0: the self-assessment is rated."""
        assert own(PHASES).rated_section("self-assessment").ratings
        with pytest.raises(RatedSectionError):
            own(PHASES).rated_section("coaching")
        with pytest.raises(UnknownSectionError):
            own(PHASES).rated_section("introduction")
