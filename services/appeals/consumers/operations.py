"""What operations tells: the clocks of a case stand still, and run on."""

from services.appeals.consumers.causes import cause_of
from services.appeals.handlers import Arrivals
from shared.carrying import carry
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.handling import Handled
from shared.holds import NoteHold, NoteHoldEnd
from shared.web.service import MessageHandlers


def from_operations(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    """Return what handles holds."""

    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The clocks of a case stand still."""
        command = carry(message.body, NoteHold, at=clock())
        return await arrivals.hold(command, cause_of(message))

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The clocks of a case run on."""
        command = carry(message.body, NoteHoldEnd, at=clock())
        return await arrivals.hold_end(command, cause_of(message))

    return {HoldPlaced: on_hold_placed, HoldLifted: on_hold_lifted}
