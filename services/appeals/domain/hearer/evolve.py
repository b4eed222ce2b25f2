"""How facts add up to what is known of somebody who may hear appeals."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.appeals.domain.hearer.events import (
    EmployerNoted,
    HearerEvent,
    HearerNoted,
    HearerRole,
)


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody's roles, and every organisation they are known to have worked for."""

    roles: frozenset[HearerRole] = frozenset()
    organisations: frozenset[str] = frozenset()


INITIAL = Hearer()


def evolve(state: Hearer, event: HearerEvent) -> Hearer:
    """Return *state* as it is after *event*."""
    match event:
        case HearerNoted():
            organisations = state.organisations
            if event.organisation_id is not None:
                organisations |= {event.organisation_id}
            return replace(
                state, roles=state.roles | {event.role}, organisations=organisations
            )
        case EmployerNoted():
            organisations = state.organisations | {event.organisation_id}
            return replace(state, organisations=organisations)
        case _:
            assert_never(event)
