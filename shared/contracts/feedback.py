"""What a participant may read about a judgement: one overall text, one per criterion.

Review writes it, moderation carries it sealed, notification puts it into the letter.
Invariant: the sealed text is exactly `Feedback.to_text`, so that whoever may open it
reads the same words that were judged.
"""

from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shared.errors import BadInputError
from shared.vocabulary import CRITERIA, MET_LEVEL, CriterionKey, Level

MAX_FEEDBACK_BYTES = 32 * 1024
"""Largest feedback as text: sealed and encoded it stays well below the 64 KiB of one
fact. Source: architecture.md, "The event log"."""

FEEDBACK_FIELD = "feedback.letter"
"""Name of the personal field that feedback is sealed and opened as, everywhere."""

WORDS_FIELD = "feedback.words"
"""Name of the field that explanations and reasons for a participant are sealed as."""

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=6_000)
]
"""Plain text; a blank line separates paragraphs. No markup."""

SectionName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)
]
"""Key of a section of the programme's template, for example ``critical-narrative``."""

StandardCode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]
"""Number or code of a professional standard, for example ``"18"``."""


class MalformedFeedbackError(BadInputError):
    """The feedback is not of the agreed form; the error names the fields."""


class _Part(BaseModel):
    """Part of a feedback: frozen, strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Modification(_Part):
    """One thing that has to change before the criterion can be met."""

    section: SectionName
    standard: StandardCode
    text: Words


class CriterionFeedback(_Part):
    """What is said about one criterion."""

    level: Level
    comment: Words
    modifications: tuple[Modification, ...] = Field(default=(), max_length=30)

    @model_validator(mode="after")
    def _says_what_to_change(self) -> Self:
        """Refuse a level below 3 without a modification. Source: domain.md 2 (P)."""
        if self.level < MET_LEVEL and not self.modifications:
            message = "a criterion below 3 needs at least one required modification"
            raise ValueError(message)
        return self


class Feedback(_Part):
    """Everything a participant may read about one judgement."""

    overall: Words
    criteria: dict[CriterionKey, CriterionFeedback]

    @model_validator(mode="after")
    def _covers_all_criteria(self) -> Self:
        missing = [key for key in CRITERIA if key not in self.criteria]
        if missing:
            message = f"no feedback on {', '.join(missing)}"
            raise ValueError(message)
        if len(self.model_dump_json().encode()) > MAX_FEEDBACK_BYTES:
            message = f"longer than {MAX_FEEDBACK_BYTES} bytes: shorten it"
            raise ValueError(message)
        return self

    def levels(self) -> dict[CriterionKey, Level]:
        """Return the level of each criterion, in the order of `CRITERIA`."""
        return {key: self.criteria[key].level for key in CRITERIA}

    def to_text(self) -> str:
        """Return the text that is sealed: compact JSON, criteria in fixed order."""
        ordered = {key: self.criteria[key] for key in CRITERIA}
        return self.model_copy(update={"criteria": ordered}).model_dump_json()

    @staticmethod
    def from_text(text: str) -> "Feedback":
        """Return the feedback that `to_text` wrote.

        Raises:
            MalformedFeedbackError: it is something else; names fields, never words.
        """
        try:
            return Feedback.model_validate_json(text)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
        fields = sorted({".".join(map(str, problem["loc"])) for problem in problems})
        raise MalformedFeedbackError(fields=fields)
