"""The form in which feedback travels from reviewer to participant."""

import pytest
from pydantic import ValidationError

from shared.contracts.feedback import (
    CriterionFeedback,
    Feedback,
    MalformedFeedbackError,
    Modification,
)

MET = CriterionFeedback(level=3, comment="Well evidenced throughout.")
PARTLY = CriterionFeedback(
    level=2,
    comment="The effect on learners is asserted.",
    modifications=(
        Modification(section="improvement-project", standard="10", text="Add data."),
    ),
)


class TestFeedback:
    def test_comes_back_from_its_text(self) -> None:
        feedback = Feedback(
            overall="Thank you.",
            criteria={"reliability": MET, "sufficiency": PARTLY, "authenticity": MET},
        )
        assert Feedback.from_text(feedback.to_text()) == feedback

    def test_has_one_text_whatever_the_order_of_its_criteria(self) -> None:
        one = Feedback(
            overall="Thank you.",
            criteria={"reliability": MET, "sufficiency": MET, "authenticity": MET},
        )
        other = Feedback(
            overall="Thank you.",
            criteria={"authenticity": MET, "sufficiency": MET, "reliability": MET},
        )
        assert one.to_text() == other.to_text()

    def test_refuses_a_low_level_without_a_modification(self) -> None:
        """Source: domain.md section 2 (P)."""
        with pytest.raises(ValidationError, match="required modification"):
            CriterionFeedback(level=2, comment="Not yet.")

    def test_refuses_a_missing_criterion(self) -> None:
        with pytest.raises(ValidationError, match="no feedback on reliability"):
            Feedback(
                overall="Thank you.", criteria={"authenticity": MET, "sufficiency": MET}
            )

    def test_refuses_more_than_fits_into_a_fact(self) -> None:
        """Source: architecture.md, "The event log"."""
        long = PARTLY.model_copy(
            update={"modifications": PARTLY.modifications * 30, "comment": "x" * 6000}
        )
        huge = long.model_dump()
        huge["modifications"] = [
            {"section": "a", "standard": "1", "text": "y" * 1000} for _ in range(30)
        ]
        with pytest.raises(ValidationError, match="shorten it"):
            Feedback.model_validate(
                {
                    "overall": "z",
                    "criteria": {
                        "authenticity": huge,
                        "sufficiency": huge,
                        "reliability": huge,
                    },
                }
            )

    def test_names_fields_and_never_words_when_a_text_is_malformed(self) -> None:
        text = '{"overall": "secret words", "criteria": {"authenticity": {"level": 9}}}'
        with pytest.raises(MalformedFeedbackError) as refused:
            Feedback.from_text(text)
        assert "criteria.authenticity.level" in str(refused.value.context)
        assert "secret" not in str(refused.value) + str(refused.value.context)
