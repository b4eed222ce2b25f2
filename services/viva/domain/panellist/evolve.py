"""How facts add up to what is known of a panellist."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.viva.domain.panellist.events import (
    EmployerNoted,
    PanellistEvent,
    PanellistNoted,
    PanelRole,
)


@dataclass(frozen=True, slots=True)
class Panellist:
    """In which roles somebody may sit, and for whom they work."""

    roles: frozenset[PanelRole] = frozenset()
    organisation_id: str | None = None
    """None while the directory does not say."""


INITIAL = Panellist()


def evolve(state: Panellist, event: PanellistEvent) -> Panellist:
    """Return *state* as it is after *event*; the last organisation counts."""
    match event:
        case PanellistNoted():
            return Panellist(
                roles=state.roles | {event.role},
                organisation_id=event.organisation_id or state.organisation_id,
            )
        case EmployerNoted():
            return replace(state, organisation_id=event.organisation_id)
        case _:
            assert_never(event)
