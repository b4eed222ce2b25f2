"""What a message says, as the matter of a letter: translation only."""

from collections.abc import Callable
from functools import singledispatch

from services.notification.domain import matters
from services.notification.domain.matters import Matter
from shared.contracts import appeals, moderation, review, submission, viva
from shared.contracts.message import Message


@singledispatch
def matter_of(body: Message) -> Matter:
    """Return the matter of the letter that tells *body*.

    Raises:
        TypeError: no letter tells it; a bug in the caller.
    """
    message = f"no letter tells {type(body).__name__}"
    raise TypeError(message)


def _copied(shape: Callable[..., Matter], *fields: str) -> Callable[[Message], Matter]:
    """Return a translation that takes *fields* over as they are."""

    def translate(body: Message) -> Matter:
        return shape(**{field: getattr(body, field) for field in fields})

    return translate


matter_of.register(
    submission.Submitted,
    _copied(matters.Receipt, "attempt", "submitted_at", "snapshot_sha256"),
)
_INVITATION = _copied(matters.Invitation, "request_id", "contribution", "expires_at")
matter_of.register(submission.FeedbackRequested, _INVITATION)
matter_of.register(submission.StatementRequested, _INVITATION)
matter_of.register(
    submission.ResubmissionOpened,
    _copied(matters.Resubmission, "closes_on", "feedback"),
)
matter_of.register(
    submission.RestartRequired, _copied(matters.Restart, "reason", "feedback")
)
matter_of.register(
    submission.ReminderDue,
    _copied(matters.Reminder, "about", "closes_on", "days_left"),
)
_ASSIGNMENT = _copied(matters.Assignment, "review_id", "due_at")
matter_of.register(review.Allocated, _ASSIGNMENT)
matter_of.register(review.Overdue, _ASSIGNMENT)
matter_of.register(
    moderation.OutcomeReleased,
    _copied(matters.Decision, "attempt", "outcome", "feedback"),
)
matter_of.register(
    moderation.OutcomeRevised,
    _copied(matters.Decision, "attempt", "outcome", "feedback", "replaces"),
)
matter_of.register(
    moderation.JudgementModerated, _copied(matters.Moderated, "review_id", "result")
)
matter_of.register(viva.Offered, _copied(matters.VivaOffer, "number"))
matter_of.register(viva.NotPassed, _copied(matters.VivaResult, "number", "last"))
matter_of.register(
    viva.AwardConferred, _copied(matters.Award, "award_id", "conferred_at")
)
matter_of.register(
    appeals.ExplanationRequested, _copied(matters.ExplanationDue, "due_on")
)
matter_of.register(
    appeals.Lodged, _copied(matters.Appeal, "against", "grounds", "due_on")
)


@matter_of.register(viva.Booked)
@matter_of.register(viva.Moved)
def _viva_time(body: viva.Booked | viva.Moved) -> Matter:
    return matters.Appointment(
        what="viva",
        number=body.number,
        sequence=body.sequence,
        starts_at=body.starts_at,
        minutes=body.minutes,
        mode=body.mode,
    )


@matter_of.register
def _conversation_time(body: appeals.ConversationBooked) -> Matter:
    return matters.Appointment(
        what="conversation",
        number=1,
        sequence=body.sequence,
        starts_at=body.starts_at,
        minutes=body.minutes,
    )


@matter_of.register
def _explained(body: appeals.ExplanationGiven) -> Matter:
    return matters.Explanation(words=body.explanation, appeal_by=body.appeal_by)


@matter_of.register(appeals.Upheld)
@matter_of.register(appeals.Dismissed)
def _decided(body: appeals.Upheld | appeals.Dismissed) -> Matter:
    return matters.AppealDecision(
        is_upheld=isinstance(body, appeals.Upheld),
        remedy=body.remedy if isinstance(body, appeals.Upheld) else None,
        words=body.reasons,
    )
