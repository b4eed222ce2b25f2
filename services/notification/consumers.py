"""What notification does when it hears from the others: translation only."""

from services.notification.domain.commands import RequestNotice
from services.notification.domain.events import About, Announcement, Template
from services.notification.handlers import Notices
from shared.clock import Clock
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased
from shared.handling import Cause, Handled
from shared.ids import derived_id
from shared.web.service import MessageHandlers

CONSUMER = "notification"
FIRST_ATTEMPT = 1


def build(notices: Notices, clock: Clock) -> MessageHandlers:
    """Return what handles each message type of the others."""

    async def on_outcome_released(message: Received[OutcomeReleased]) -> Handled:
        """An outcome is final for now: tell the participant."""
        about, announcement = letter_for(message)
        command = RequestNotice(about=about, announcement=announcement, at=clock())
        return await notices.request(command, Cause.by_message(CONSUMER, message))

    return {OutcomeReleased: on_outcome_released}


def letter_for(message: Received[OutcomeReleased]) -> tuple[About, Announcement]:
    """Return which letter tells the outcome; one for a case, template and event."""
    body = message.body
    template = template_for(body)
    event_id = str(message.event_id)
    about = About(
        notice_id=str(derived_id("notice", body.case_id, template, event_id)),
        case_id=body.case_id,
        template=template,
    )
    announcement = Announcement(
        triggered_by=message.event_id,
        cohort_id=body.cohort_id,
        attempt=body.attempt,
        recipient_id=body.participant_id,
        programme=body.programme,
        programme_version=body.programme_version,
        outcome=body.outcome,
        feedback=body.feedback,
        decided_at=body.released_at,
    )
    return about, announcement


def template_for(body: OutcomeReleased) -> Template:
    """Return the letter for an outcome; a resubmission has no other one. S2 6.2.3."""
    if body.outcome == "CM":
        return "outcome-cm"
    return "outcome-cnm" if body.attempt == FIRST_ATTEMPT else "outcome-cnm-again"
