"""What can happen to the clocks of a case; kept in whatever order it is heard."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime

from shared.decider import Fact
from shared.vocabulary import CaseId


class HoldNoted(Fact):
    """The office stopped the clocks of the case."""

    type: Literal["moderation.HoldNoted"] = "moderation.HoldNoted"
    case_id: CaseId
    hold_id: str
    placed_at: AwareDatetime


class HoldEndNoted(Fact):
    """The office let the clocks of the case run on."""

    type: Literal["moderation.HoldEndNoted"] = "moderation.HoldEndNoted"
    case_id: CaseId
    hold_id: str
    lifted_at: AwareDatetime


StoppingEvent: TypeAlias = HoldNoted | HoldEndNoted
