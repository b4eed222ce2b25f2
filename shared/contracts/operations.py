"""What the desk tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage


class HoldPlaced(CaseMessage):
    """The clocks of a case stand still."""

    type: Literal["operations.HoldPlaced.v1"] = "operations.HoldPlaced.v1"
    hold_id: str
    placed_at: AwareDatetime


class HoldLifted(CaseMessage):
    """The clocks of a case run on; the days it was held are added."""

    type: Literal["operations.HoldLifted.v1"] = "operations.HoldLifted.v1"
    hold_id: str
    lifted_at: AwareDatetime


OperationsMessage: TypeAlias = Annotated[
    HoldPlaced | HoldLifted, Field(discriminator="type")
]
