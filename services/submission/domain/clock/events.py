"""What can happen to the clock of a demonstration."""

from typing import Literal, TypeAlias

from pydantic import Field

from shared.decider import Fact


class ClockOffsetSet(Fact):
    """Every service runs this far ahead of the wall clock from now on.

    Accepted only by a log that was created for demonstration.
    """

    type: Literal["submission.ClockOffsetSet"] = "submission.ClockOffsetSet"
    offset_seconds: int = Field(ge=0)


ClockEvent: TypeAlias = ClockOffsetSet
