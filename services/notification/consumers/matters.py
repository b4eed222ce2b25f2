"""What a message says, as the matter of a letter: translation only."""

from collections.abc import Mapping

from services.notification.domain import matters
from services.notification.domain.matters import Matter
from shared.carrying import carry
from shared.contracts import appeals, moderation, review, submission, viva
from shared.contracts.message import Message

_ALIKE: Mapping[type[Message], type[Matter]] = {
    submission.Submitted: matters.Receipt,
    submission.FeedbackRequested: matters.Invitation,
    submission.StatementRequested: matters.Invitation,
    submission.ResubmissionOpened: matters.Resubmission,
    submission.RestartRequired: matters.Restart,
    submission.ReminderDue: matters.Reminder,
    review.Allocated: matters.Assignment,
    review.Overdue: matters.Assignment,
    review.ConflictFound: matters.LateConflict,
    moderation.OutcomeReleased: matters.Decision,
    moderation.OutcomeRevised: matters.Decision,
    moderation.JudgementModerated: matters.Moderated,
    moderation.Overdue: matters.Lateness,
    viva.Offered: matters.VivaOffer,
    viva.NotPassed: matters.VivaResult,
    viva.AwardConferred: matters.Award,
    appeals.ExplanationRequested: matters.ExplanationDue,
    appeals.Lodged: matters.Appeal,
}
"""Messages that call all a letter needs as its matter does."""


def matter_of(body: Message) -> Matter:
    """Return the matter of the letter that tells *body*.

    Raises:
        KeyError: no letter tells it; a bug in the caller.
    """
    match body:
        case viva.ReminderDue() | viva.Booked() | viva.Moved():
            return _about_a_viva(body)
        case appeals.ConversationBooked():
            return carry(body, matters.Appointment, what="conversation", number=1)
        case appeals.ExplanationGiven():
            return carry(body, matters.Explanation, words=body.explanation)
        case appeals.Upheld():
            return carry(
                body, matters.AppealDecision, is_upheld=True, words=body.reasons
            )
        case appeals.Dismissed():
            return carry(
                body,
                matters.AppealDecision,
                is_upheld=False,
                remedy=None,
                words=body.reasons,
            )
        case _:
            return carry(body, _ALIKE[type(body)])


def _about_a_viva(body: viva.ReminderDue | viva.Booked | viva.Moved) -> Matter:
    if isinstance(body, viva.ReminderDue):
        return carry(body, matters.Reminder, about="viva")
    return carry(body, matters.Appointment, what="viva")
