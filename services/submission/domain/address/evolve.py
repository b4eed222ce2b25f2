"""How facts add up to whose an address is."""

from typing import TypeAlias

from services.submission.domain.address.events import AddressEvent

Owner: TypeAlias = str | None
"""Id of the person, or None while nobody has claimed the address."""

INITIAL: Owner = None


def evolve(state: Owner, event: AddressEvent) -> Owner:
    """Return *state* as it is after *event*: the first claim stays."""
    return event.person_id if state is None else state
