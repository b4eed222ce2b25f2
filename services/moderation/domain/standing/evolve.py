"""How facts add up to somebody's standing."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.moderation.domain.standing.events import (
    AppointmentNoted,
    EmployerNoted,
    MenteeNoted,
    ModeratorRole,
    StandingEvent,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """In which roles somebody may act, for whom they work, whom they support."""

    roles: frozenset[ModeratorRole] = frozenset()
    organisation_id: str | None = None
    mentees: frozenset[str] = frozenset()


INITIAL = Standing()


def evolve(state: Standing, event: StandingEvent) -> Standing:
    """Return *state* as it is after *event*; the last organisation counts."""
    match event:
        case AppointmentNoted(role=role, organisation_id=organisation_id):
            roles = state.roles | {role}
            return replace(state, roles=roles, organisation_id=organisation_id)
        case EmployerNoted(organisation_id=organisation_id):
            return replace(state, organisation_id=organisation_id)
        case MenteeNoted(participant_id=participant_id):
            return replace(state, mentees=state.mentees | {participant_id})
        case _:
            assert_never(event)
