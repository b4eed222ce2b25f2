"""What notification does when it hears from the others: translation only."""

from services.notification.consumers.letters import HEARD, Told, letter_for
from services.notification.domain.commands import RequestNotice
from services.notification.handlers import Notices
from shared.clock import Clock
from shared.contracts.message import Received
from shared.handling import Cause, Handled
from shared.web.service import MessageHandlers

CONSUMER = "notification"

__all__ = ["build", "letter_for"]


def build(notices: Notices, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""

    async def on_something_to_tell(message: Received[Told]) -> Handled:
        """Something happened that somebody should know: write to them."""
        cause = Cause.by_message(CONSUMER, message)
        letter = letter_for(message)
        if letter is None:
            return await notices.pass_over(cause)
        about, announcement = letter
        command = RequestNotice(about=about, announcement=announcement, at=clock())
        return await notices.request(command, cause)

    return dict.fromkeys(HEARD, on_something_to_tell)
