"""How often a case with definitive marks comes among a reviewer's work, and what then.

Source: statistics.md section 4.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.programme.detection import PARTS_PER_MILLION
from shared.contracts.programme.values import Record

Share = Annotated[int, Field(gt=0, le=PARTS_PER_MILLION)]
Few = Annotated[int, Field(ge=1, le=100)]


class SeedRules(Record):
    """Rules of a plan that places seeds."""

    rate_ppm: Share = 50_000
    """How likely a seed follows a judgement: 1 in 20."""
    alarm_from: Few = 2
    """So many out of tolerance ..."""
    alarm_within: Few = 5
    """... among so many of the last seeds raise an alarm."""
    retire_above_ppm: Share = 200_000
    """A seed that more than this share of the reviewers have seen is retired, ..."""
    retire_not_before: Few = 10
    """... but so many may see it however few reviewers there are: in a small cohort
    every seed would be gone after its first use (P)."""

    @model_validator(mode="after")
    def _can_alarm(self) -> Self:
        if self.alarm_from > self.alarm_within:
            message = "alarm_from: among so few seeds there are never so many"
            raise ValueError(message)
        return self
