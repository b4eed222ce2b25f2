"""What moderation does when it hears from the others: translation only."""

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.standing.commands import NoteAppointment
from services.moderation.handlers import Arrivals
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.review import Completed
from shared.contracts.submission import RoleGranted
from shared.handling import Cause, Handled
from shared.web.service import MessageHandlers

CONSUMER = "moderation"


def build(arrivals: Arrivals, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""

    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: know it if it is a moderator's."""
        cause, body = Cause.by_message(CONSUMER, message), message.body
        if body.role not in {"moderator", "lead_moderator"}:
            return await arrivals.pass_over(cause)
        command = NoteAppointment(
            person_id=body.person_id,
            role="moderator" if body.role == "moderator" else "lead_moderator",
            organisation_id=body.organisation_id,
            at=clock(),
        )
        return await arrivals.appointment(command, cause)

    async def on_completed(message: Received[Completed]) -> Handled:
        """A case is judged: draw it, or keep it until it can be drawn."""
        cause = Cause.by_message(CONSUMER, message)
        return await arrivals.judgement(judged_case(message), clock(), cause)

    return {RoleGranted: on_role_granted, Completed: on_completed}


def judged_case(message: Received[Completed]) -> JudgedCase:
    """Return the judgement as facts of moderation keep it."""
    body = message.body.model_dump(exclude={"type"})
    return JudgedCase(judgement_id=message.event_id, **body)
