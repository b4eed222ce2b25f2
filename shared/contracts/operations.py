"""What the desk tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import Message
from shared.vocabulary import CaseId


class HoldPlaced(Message):
    """The clocks of a case stand still."""

    type: Literal["operations.HoldPlaced.v1"] = "operations.HoldPlaced.v1"
    case_id: CaseId
    hold_id: str
    placed_at: AwareDatetime

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


class HoldLifted(Message):
    """The clocks of a case run on; the days it was held are added."""

    type: Literal["operations.HoldLifted.v1"] = "operations.HoldLifted.v1"
    case_id: CaseId
    hold_id: str
    lifted_at: AwareDatetime

    @property
    def key(self) -> str:
        """The case."""
        return self.case_id


OperationsMessage: TypeAlias = Annotated[
    HoldPlaced | HoldLifted, Field(discriminator="type")
]
