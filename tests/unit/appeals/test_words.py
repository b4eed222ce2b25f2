"""What is taken from outside, and what is not."""

import pytest
from pydantic import BaseModel, ValidationError

from services.appeals.handlers.words import (
    MAX_TEXT_CHARACTERS,
    AnswerWords,
    BookingWords,
    DecisionWords,
    ExplanationWords,
    LodgingWords,
    PanelWords,
    TimesWords,
)

LONGEST = "a" * MAX_TEXT_CHARACTERS
AT = "2026-04-13T09:00:00+01:00"

LIMITS: list[tuple[type[BaseModel], dict[str, object], dict[str, object]]] = [
    (AnswerWords, {"explanation": LONGEST}, {"explanation": LONGEST + "a"}),
    (AnswerWords, {"explanation": " a "}, {"explanation": "  "}),
    (ExplanationWords, {}, {"decision_id": "1"}),
    (ExplanationWords, {"question": "Why?"}, {"question": ""}),
    (
        LodgingWords,
        {"grounds": ["a"] * 20, "statement": "s"},
        {"grounds": ["a"] * 21, "statement": "s"},
    ),
    (
        LodgingWords,
        {"grounds": ["procedural-error"], "statement": "s"},
        {"grounds": ["Procedural error"], "statement": "s"},
    ),
    (PanelWords, {"members": ["nora"]}, {"members": []}),
    (PanelWords, {"members": ["a"] * 20}, {"members": ["a"] * 21}),
    (
        DecisionWords,
        {"decision": "upheld", "remedy": "other", "reasons": "r"},
        {"decision": "upheld", "remedy": "money", "reasons": "r"},
    ),
    (
        DecisionWords,
        {"decision": "dismissed", "reasons": "r"},
        {"decision": "dismissed"},
    ),
    (TimesWords, {"times": [AT] * 50}, {"times": [AT] * 51}),
    (BookingWords, {"starts_at": AT}, {"starts_at": AT.removesuffix("+01:00")}),
    (
        BookingWords,
        {"starts_at": "2099-12-31T23:59:59Z"},
        {"starts_at": "9999-12-31T23:59:59-14:00"},
    ),
]


class TestWords:
    """Source: architecture.md, "HTTP": every input is validated at the edge."""

    @pytest.mark.parametrize(("words", "inside", "outside"), LIMITS)
    def test_are_taken_up_to_a_limit(
        self,
        words: type[BaseModel],
        inside: dict[str, object],
        outside: dict[str, object],
    ) -> None:
        words.model_validate(inside)
        with pytest.raises(ValidationError):
            words.model_validate(outside)

    def test_are_not_repeated_when_they_are_refused(self) -> None:
        with pytest.raises(ValidationError) as refused:
            AnswerWords.model_validate({"explanation": "secret", "more": "secret"})
        assert "secret" not in str(refused.value)
