"""How often a case with definitive marks comes among a reviewer's work, and what then.

Source: statistics.md section 4.
"""

import operator
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.contracts.programme.detection import PARTS_PER_MILLION
from shared.contracts.programme.values import Record

Share = Annotated[int, Field(gt=0, le=PARTS_PER_MILLION)]
Few = Annotated[int, Field(ge=1, le=100)]


class QualificationRules(Record):
    """How a reviewer shows on seeds that they may judge. Source: statistics.md 4."""

    practice: Annotated[int, Field(ge=0, le=100)] = 3
    """So many seeds first, each told with its definitive marks once judged (P)."""
    qualify: Few = 5
    """So many then, of which nothing is told before all of them are judged."""
    in_tolerance: Few = 4
    """So many of them have to be in tolerance: of five at most one may be out."""
    second_chances: Annotated[int, Field(ge=0, le=5)] = 1
    """How often another set of as many follows on one that is not passed."""
    days: Annotated[int, Field(ge=1, le=365)] = 14
    """Each set is due so many days after it was put before the reviewer (P)."""
    newcomers: bool = False
    """Whether new reviewers qualify, too, before they judge; paused ones always do."""

    @property
    def seeds_in_all(self) -> int:
        """How many seeds somebody needs who passes with the last chance."""
        return self.practice + self.qualify * (1 + self.second_chances)

    @model_validator(mode="after")
    def _can_be_passed(self) -> Self:
        if self.in_tolerance > self.qualify:
            message = "in_tolerance: of so few seeds there are never so many"
            raise ValueError(message)
        return self


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
    qualification: QualificationRules | None = Field(
        default=None, exclude_if=operator.not_
    )
    """How somebody qualifies after a pause, or at first; None: nobody does."""

    @model_validator(mode="after")
    def _can_alarm(self) -> Self:
        if self.alarm_from > self.alarm_within:
            message = "alarm_from: among so few seeds there are never so many"
            raise ValueError(message)
        return self
