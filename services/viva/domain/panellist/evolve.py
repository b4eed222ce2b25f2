"""How facts add up to what is known of a panellist."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from services.viva.domain.panellist.events import (
    EmployerNoted,
    PanellistEvent,
    PanellistNoted,
    PanelRole,
    SittingFreed,
    SittingTaken,
)


@dataclass(frozen=True, slots=True)
class Panellist:
    """In which roles somebody may sit, for whom they work, and when they sit."""

    roles: frozenset[PanelRole] = frozenset()
    organisation_id: str | None = None
    """None while the directory does not say."""
    sittings: Mapping[str, SittingTaken] = field(default_factory=dict)
    """By case: the vivas they hold."""


INITIAL = Panellist()


def evolve(state: Panellist, event: PanellistEvent) -> Panellist:
    """Return *state* as it is after *event*; the last organisation counts."""
    match event:
        case PanellistNoted():
            return replace(
                state,
                roles=state.roles | {event.role},
                organisation_id=event.organisation_id or state.organisation_id,
            )
        case EmployerNoted():
            return replace(state, organisation_id=event.organisation_id)
        case SittingTaken():
            return replace(state, sittings={**state.sittings, event.case_id: event})
        case SittingFreed():
            left = {k: v for k, v in state.sittings.items() if k != event.case_id}
            return replace(state, sittings=left)
        case _:
            assert_never(event)
