"""What stands in a cursor, checked: it may come back altered.

Invariant: a key that leaves here can be compared with by the database.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from shared.web.requests import MalformedCursorError

LARGEST_POSITION = 2**63 - 1
"""PostgreSQL's bigint."""


def moment_and_id(
    key: Sequence[str], *, start: tuple[datetime, str]
) -> tuple[datetime, str]:
    """Return time and id of the last row already seen; *start* before the first page.

    Raises:
        MalformedCursorError: it is no such key, or its time is nobody's.
    """
    if not key:
        return start
    try:
        moment, name = key
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise MalformedCursorError
        return at.astimezone(UTC), name
    except (ValueError, OverflowError):
        raise MalformedCursorError from None


def position_of(key: Sequence[str]) -> int:
    """Return the position of the last event already seen; 0 before the first page.

    Raises:
        MalformedCursorError: it is no position.
    """
    if not key:
        return 0
    digits = "".join(key)
    if not (digits.isascii() and digits.isdecimal()):
        raise MalformedCursorError
    position = int(digits)
    if position > LARGEST_POSITION:
        raise MalformedCursorError
    return position
