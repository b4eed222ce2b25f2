"""Which letter tells what another service said: one for a case, template and event.

Source: domain.md section 5.
"""

from typing import TypeAlias, get_args

from services.notification.consumers.matters import matter_of
from services.notification.domain.events import (
    About,
    Announcement,
    Owner,
    Recipient,
    Template,
    ToContributor,
    ToLead,
    ToPerson,
)
from shared.contracts import appeals, moderation, review, submission, viva
from shared.contracts.message import Received
from shared.ids import derived_id

ToParticipant: TypeAlias = (
    moderation.OutcomeReleased
    | moderation.OutcomeRevised
    | submission.ResubmissionOpened
    | submission.RestartRequired
    | viva.Offered
    | viva.ReminderDue
    | viva.Booked
    | viva.Moved
    | viva.NotPassed
    | viva.AwardConferred
    | appeals.ConversationBooked
    | appeals.ExplanationRequested
    | appeals.ExplanationGiven
    | appeals.Lodged
    | appeals.Upheld
    | appeals.Dismissed
)
ToReviewer: TypeAlias = (
    review.Allocated | review.Overdue | moderation.JudgementModerated
)
AboutModeration: TypeAlias = moderation.Overdue | review.ConflictFound
"""What the lead is told."""
ToOthers: TypeAlias = submission.FeedbackRequested | submission.StatementRequested
Told: TypeAlias = (
    submission.Submitted
    | submission.ReminderDue
    | ToParticipant
    | ToReviewer
    | AboutModeration
    | ToOthers
)

HEARD: tuple[type[Told], ...] = get_args(Told)
"""Every message that may lead to a letter."""


def letter_for(message: Received[Told]) -> tuple[About, Announcement] | None:
    """Return the letter that tells *message*; None when another message brings it."""
    body = message.body
    template = template_for(body)
    if template is None:
        return None
    event_id = str(message.event_id)
    about = About(
        notice_id=str(derived_id("notice", body.case_id, template, event_id)),
        case_id=body.case_id,
        template=template,
    )
    announcement = Announcement(
        triggered_by=message.event_id,
        owner=_owner(message.source),
        stream=message.stream,
        recipient=_recipient(body),
        matter=matter_of(body),
        told_at=message.occurred_at,
    )
    return about, announcement


def template_for(body: Told) -> Template | None:
    """Return which letter tells *body*.

    A CNM is told by submission, which knows what may follow it and until when.
    """
    match body:
        case moderation.OutcomeReleased(outcome=outcome):
            return "outcome-cm" if outcome == "CM" else None
        case submission.RestartRequired(feedback=feedback):
            return "restart" if feedback is None else "outcome-cnm-again"
        case submission.ReminderDue(about=about):
            if about == "submission":
                return "reminder-submission"
            return "reminder-resubmission"
        case moderation.JudgementModerated():
            return "moderation-result"
        case _:
            return _named(body)


def _named(body: Told) -> Template:
    """Return the letter of a message that always leads to the same one."""
    return _LETTERS[type(body)]


_LETTERS: dict[type[Told], Template] = {
    submission.Submitted: "receipt",
    submission.FeedbackRequested: "feedback-request",
    submission.StatementRequested: "statement-request",
    submission.ResubmissionOpened: "outcome-cnm",
    review.Allocated: "review-allocated",
    review.Overdue: "review-overdue",
    review.ConflictFound: "conflict-found",
    moderation.Overdue: "moderation-overdue",
    moderation.OutcomeRevised: "outcome-confirmed",
    viva.Offered: "viva-offered",
    viva.ReminderDue: "reminder-viva",
    viva.Booked: "viva-booked",
    viva.Moved: "viva-moved",
    viva.NotPassed: "viva-not-passed",
    viva.AwardConferred: "award",
    appeals.ConversationBooked: "conversation-booked",
    appeals.ExplanationRequested: "explanation-requested",
    appeals.ExplanationGiven: "explanation",
    appeals.Lodged: "appeal-received",
    appeals.Upheld: "appeal-upheld",
    appeals.Dismissed: "appeal-dismissed",
}


def _recipient(body: Told) -> Recipient:
    match body:
        case submission.FeedbackRequested() | submission.StatementRequested():
            return ToContributor(request_id=body.request_id)
        case submission.Submitted():
            return ToPerson(person_id=body.person_id)
        case submission.ReminderDue():
            return ToPerson(person_id=body.participant_id)
        case review.Allocated() | review.Overdue() | moderation.JudgementModerated():
            return ToPerson(person_id=body.reviewer_id)
        case moderation.Overdue() | review.ConflictFound():
            return _lead(body)
        case _:
            return ToPerson(person_id=body.participant_id)


def _lead(body: AboutModeration) -> Recipient:
    """Return the lead; moderation knows who it is, and others the cohort alone."""
    if isinstance(body, moderation.Overdue):
        return ToPerson(person_id=body.lead_id)
    return ToLead(cohort_id=body.cohort_id)


def _owner(source: str) -> Owner:
    match source:
        case "submission" | "review" | "moderation" | "viva" | "appeals":
            return source
        case _:
            message = f"no letters for messages of {source}"
            raise ValueError(message)
