"""Letters that are due: confirmed, rendered, handed over, and each step recorded."""

from services.notification.clocks.addressing import Addressing
from services.notification.clocks.loop import send_letters
from services.notification.clocks.preparing import Preparing
from services.notification.clocks.sending import Sending

__all__ = ["Addressing", "Preparing", "Sending", "send_letters"]
