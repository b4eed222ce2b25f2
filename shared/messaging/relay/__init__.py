"""From the log to the broker: the only part that publishes facts."""

from shared.messaging.relay.pump import RelayHealth
from shared.messaging.relay.relay import Relay

__all__ = ["Relay", "RelayHealth"]
