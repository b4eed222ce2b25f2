"""From the log to the broker: the only part that publishes facts."""

from shared.messaging.relay.relay import Relay, RelayHealth

__all__ = ["Relay", "RelayHealth"]
