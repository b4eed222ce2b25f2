"""What people write about seeds, in clear, on its way to the vault."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from shared.contracts.feedback import Words as Text
from shared.vocabulary import (
    CRITERIA,
    Attempt,
    CaseId,
    CriterionKey,
    Level,
    PersonId,
)

ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{0,63}$")]


class _Words(BaseModel):
    """Words from outside: strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SeedWords(_Words):
    """The case that a seed is made of, who judges it anew, and why it may be used."""

    case_id: CaseId
    attempt: Attempt = 1
    panel: tuple[PersonId, PersonId, PersonId]
    permission: Text
    """On what ground the portfolio may be used, such as what its author agreed to."""

    @model_validator(mode="after")
    def _names_three_people(self) -> Self:
        if len(set(self.panel)) != len(self.panel):
            message = "panel: name three different people"
            raise ValueError(message)
        return self


class MarkWords(_Words):
    """What one of the panel says a seed is worth, and why."""

    levels: dict[CriterionKey, Level]
    rationale: dict[CriterionKey, Text]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for name, given in (("levels", self.levels), ("rationale", self.rationale)):
            missing = [key for key in CRITERIA if key not in given]
            if missing:
                message = f"{name}: give one for {', '.join(missing)}"
                raise ValueError(message)
        return self


class EndingWords(_Words):
    """Why a course by which somebody qualifies ends without a result."""

    reason: Text


class RetireWords(_Words):
    """Why a seed is not used any more."""

    reason: Text
