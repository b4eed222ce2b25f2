"""Time, the input that must never be read inside a domain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current instant, always timezone-aware UTC."""
    return datetime.now(tz=UTC)


class OffsetClock:
    """The wall clock plus an offset that a demonstration log may move.

    The offset is zero unless a fact ``submission.ClockOffsetSet`` says otherwise.
    """

    def __init__(self, now: Clock = utc_now) -> None:
        self._now = now
        self._offset = timedelta()

    def __call__(self) -> datetime:
        """Return the wall clock plus the offset."""
        return self._now() + self._offset

    def set_offset(self, offset: timedelta) -> None:
        """Run *offset* ahead of the wall clock from now on."""
        self._offset = offset
