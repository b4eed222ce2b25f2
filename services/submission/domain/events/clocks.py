"""What moves, stops or follows from a date of a case."""

from datetime import date
from typing import Literal, TypeAlias

from shared.decider import Fact

ExtensionReason: TypeAlias = Literal[
    "reasonable_adjustment", "exceptional_circumstances", "technical_fault"
]
"""Why one case has a later deadline; details are never here. Source: S2 3.1.1, P."""


class DeadlineMoved(Fact):
    """This one case may be handed in until the end of a later day."""

    type: Literal["submission.DeadlineMoved"] = "submission.DeadlineMoved"
    deadline: date
    reason: ExtensionReason
