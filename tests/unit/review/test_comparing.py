"""A second attempt beside what was said about the first."""

from services.review.domain.changes import SectionChange
from services.review.handlers.comparing import first_levels, required_changes
from shared.contracts.feedback import CriterionFeedback, Feedback, Modification
from shared.contracts.programme import Sourced
from shared.programmes import load_programme
from shared.vocabulary import CriterionKey, Level


def wish(text: str) -> Modification:
    return Modification(section="introduction", standard="8", text=text)


def said(level: Level, text: str) -> CriterionFeedback:
    return CriterionFeedback(level=level, comment="So.", modifications=(wish(text),))


CRITERIA: dict[CriterionKey, CriterionFeedback] = {
    "authenticity": said(4, "You could add a date."),
    "sufficiency": said(2, "Say by when."),
    "reliability": said(3, "You could add a name."),
}
TOLD = Feedback(overall="Thank you.", criteria=CRITERIA)
LEVELS = {"authenticity": 4, "sufficiency": 2, "reliability": 3}
HIDDEN = load_programme("ATS").policy.review
SHOWN = HIDDEN.model_copy(
    update={"second_attempt_sees_first_marks": Sourced(value=True, source="P")}
)


class TestRequiredChanges:
    """Source: domain.md section 2: what is below 3 says what must change."""

    def test_are_those_of_criteria_that_were_not_met(self) -> None:
        sections = (SectionChange("introduction", "Introduction", "changed"),)
        (found,) = required_changes(TOLD, sections)
        assert (found.criterion, found.text) == ("sufficiency", "Say by when.")
        assert found.section_change == "changed"


class TestFirstLevels:
    def test_are_shown_where_the_policy_lets_them_be_seen(self) -> None:
        """Source: P."""
        assert first_levels(TOLD, SHOWN) == LEVELS
        assert first_levels(TOLD, HIDDEN) is None

    def test_are_none_while_nothing_is_told(self) -> None:
        assert first_levels(None, SHOWN) is None
