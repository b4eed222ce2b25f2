"""The rule of standings: what the directory says is noted once."""

from services.moderation.domain.standing.commands import StandingCommand
from services.moderation.domain.standing.events import AppointmentNoted, StandingEvent
from services.moderation.domain.standing.evolve import INITIAL, Standing, evolve
from shared.decider import Decider


def decide(command: StandingCommand, state: Standing) -> tuple[StandingEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known."""
    known = command.role in state.roles
    if known and command.organisation_id == state.organisation_id:
        return ()
    noted = AppointmentNoted(
        person_id=command.person_id,
        role=command.role,
        organisation_id=command.organisation_id,
        occurred_at=command.at,
    )
    return (noted,)


standing = Decider(category="standing", decide=decide, evolve=evolve, initial=INITIAL)
