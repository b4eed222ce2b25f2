"""What is known of a case so that fairness can be watched, and nothing more.

Every value is one of a closed list: no free text, nothing that points to a person.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from shared.contracts.programme.values import (
    Key,
    Record,
    Source,
    Words,
    refuse_repeats,
)


class RoleContext(Record):
    """How an organisation deploys an advanced practitioner."""

    key: Literal["deficit", "developmental", "universal", "pan-organisational"]
    title: Words
    text: Words
    source: Source


class FairnessValue(Record):
    """One answer to the question of an attribute."""

    key: Key
    title: Words


class FairnessAttribute(Record):
    """A question with a closed list of answers, asked once and shown in reports."""

    key: Key
    question: Words
    source: Source
    values: tuple[FairnessValue, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _values_are_different(self) -> Self:
        refuse_repeats([each.key for each in self.values], "value", self.key)
        return self

    def allows(self, value: str) -> bool:
        """Tell whether *value* is one of the answers."""
        return any(each.key == value for each in self.values)
