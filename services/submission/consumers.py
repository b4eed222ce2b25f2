"""What submission does when it hears from the others: translation only.

Each message moves one case; what it leads to follows from all that is known of the
case, so every interleaving leads to the same state.
"""

from services.submission.domain.commands import (
    NoteAward,
    NoteHold,
    NoteHoldEnd,
    NoteOutcome,
    NoteVivaNotPassed,
)
from services.submission.handlers import Following
from shared.carrying import carry
from shared.contracts.message import Received
from shared.contracts.moderation import OutcomeReleased, OutcomeRevised
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.viva import AwardConferred, NotPassed
from shared.handling import Cause, Handled
from shared.programmes import programme_of
from shared.web.service import MessageHandlers

CONSUMER = "submission"


def build(following: Following) -> MessageHandlers:
    """Return what handles each message type of the others."""

    async def on_outcome(
        message: Received[OutcomeReleased] | Received[OutcomeRevised],
    ) -> Handled:
        """A decision is final for now, or was replaced: see what follows."""
        cause = Cause.by_message(CONSUMER, message)
        return await following.note(message.body.case_id, outcome_in(message), cause)

    async def on_not_passed(message: Received[NotPassed]) -> Handled:
        """A viva was not passed: a restart follows the last one."""
        body = message.body
        command = carry(body, NoteVivaNotPassed, at=message.occurred_at)
        cause = Cause.by_message(CONSUMER, message)
        return await following.note(body.case_id, command, cause)

    async def on_award(message: Received[AwardConferred]) -> Handled:
        """The participant holds the status: the case has ended well."""
        body = message.body
        command = carry(body, NoteAward, at=message.occurred_at)
        cause = Cause.by_message(CONSUMER, message)
        return await following.note(body.case_id, command, cause)

    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The office stopped the clocks."""
        body = message.body
        command = carry(body, NoteHold)
        cause = Cause.by_message(CONSUMER, message)
        return await following.note(body.case_id, command, cause)

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The clocks run on."""
        body = message.body
        command = carry(body, NoteHoldEnd)
        cause = Cause.by_message(CONSUMER, message)
        return await following.note(body.case_id, command, cause)

    return {
        OutcomeReleased: on_outcome,
        OutcomeRevised: on_outcome,
        NotPassed: on_not_passed,
        AwardConferred: on_award,
        HoldPlaced: on_hold_placed,
        HoldLifted: on_hold_lifted,
    }


def outcome_in(
    message: Received[OutcomeReleased] | Received[OutcomeRevised],
) -> NoteOutcome:
    """Return the command that a decision leads to.

    Raises:
        UnknownProgrammeVersionError: the case's versions are not installed here.
    """
    body = message.body
    resubmission = programme_of(body).policy.resubmission
    return carry(
        body,
        NoteOutcome,
        message_id=message.event_id,
        is_revision=isinstance(body, OutcomeRevised),
        window_weeks=resubmission.window_weeks.value,
        at=message.occurred_at,
    )
