"""What notification tells the others."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from shared.contracts.message import CaseMessage


class HandedOver(CaseMessage):
    """A mail server has taken responsibility for a letter."""

    type: Literal["notification.HandedOver.v1"] = "notification.HandedOver.v1"
    notice_id: str
    template: str
    handed_over_at: AwareDatetime


class Failed(CaseMessage):
    """A letter could not be handed over; somebody has to act."""

    type: Literal["notification.Failed.v1"] = "notification.Failed.v1"
    notice_id: str
    template: str
    reason: str
    """A code, never the server's words: they may quote an address."""
    failed_at: AwareDatetime


NotificationMessage: TypeAlias = Annotated[
    HandedOver | Failed, Field(discriminator="type")
]
