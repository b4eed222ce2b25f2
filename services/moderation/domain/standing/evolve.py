"""How facts add up to somebody's standing."""

from dataclasses import dataclass

from services.moderation.domain.standing.events import ModeratorRole, StandingEvent


@dataclass(frozen=True, slots=True)
class Standing:
    """In which roles somebody may act, and for whom they work."""

    roles: frozenset[ModeratorRole] = frozenset()
    organisation_id: str | None = None


INITIAL = Standing()


def evolve(state: Standing, event: StandingEvent) -> Standing:
    """Return *state* as it is after *event*; the last organisation counts."""
    return Standing(state.roles | {event.role}, event.organisation_id)
