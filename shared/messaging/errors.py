"""What can go wrong between the log and the broker, as the code here tells it apart.

None of these is seen by a participant: they end in a log line, a metric, or in a
service that refuses to start and says why.
"""


class MessagingError(Exception):
    """Something between the log and the broker is not as it must be."""


class UnsafeMessagingError(MessagingError):
    """A setting would lose, repeat or reorder messages: the service does not start."""

    def __init__(self, *, trap: str, remedy: str) -> None:
        """Name the *trap* and what to do about it."""
        super().__init__(f"{trap}: {remedy}")
        self.trap = trap
        self.remedy = remedy


class FencedError(MessagingError):
    """The stored standing of a relay is not the one it knows: stop publishing at once.

    Another process has taken over, or the database came back with an older checkpoint.
    """


class BrokerLostDataError(MessagingError):
    """The broker no longer holds what it had confirmed: a new generation must begin."""


class SendFailedError(MessagingError):
    """A send was not confirmed; nothing after it may count as sent."""
