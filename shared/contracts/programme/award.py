"""What a participant holds in the end."""

from shared.contracts.programme.values import Record, Sourced, Words


class Award(Record):
    """The status, and what comes with it."""

    status: Sourced[Words]
    grade: Sourced[Words] | None
    """Grade of membership that the award brings, for example ``Fellow``."""
    post_nominals: Sourced[tuple[Words, ...]]
    """Letters after the name, in their order; none for a recognition."""
    certificate: Sourced[bool]
    graduation: Sourced[bool]
    """An invitation to the ceremony goes with the award."""
