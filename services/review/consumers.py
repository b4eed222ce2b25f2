"""What review does when it hears from the others: translation only.

Messages of different services come in any order; every interleaving leads to the same
state.
"""

from datetime import datetime, timedelta

from services.review.domain.assessment.commands import (
    NoteAdvice,
    NoteFreshReview,
    NoteLaterOpening,
    NoteRelease,
    NoteWithdrawal,
)
from services.review.domain.commands import RequestReview
from services.review.domain.naming import review_id_of
from services.review.domain.reviewer.commands import (
    NoteEmployer,
    NoteMentee,
    NotePart,
    NotePause,
    RegisterReviewer,
)
from services.review.handlers import Arrivals, Reviewers, WantedBeside
from shared.carrying import carry
from shared.contracts.appeals import HearingPanelAppointed
from shared.contracts.message import Received
from shared.contracts.moderation import (
    MarksRead,
    OutcomeReleased,
    OutcomeRevised,
    ReturnOrdered,
    ReviewWanted,
    StandingChanged,
)
from shared.contracts.operations import HoldLifted, HoldPlaced
from shared.contracts.submission import (
    DeadlineMoved,
    MentorNominated,
    OrganisationStated,
    RoleGranted,
    Submitted,
    Withdrawn,
)
from shared.errors import BadInputError
from shared.handling import Cause, Handled
from shared.holds import NoteHold, NoteHoldEnd
from shared.london import months_later
from shared.programmes import programme_of
from shared.web.service import MessageHandlers

CONSUMER = "review"


class OrganisationUnknownError(BadInputError):
    """A reviewer came without an organisation: grant the role again with one."""


def build(arrivals: Arrivals, reviewers: Reviewers) -> MessageHandlers:
    """Return what handles each message type of the others."""
    return {
        **_about_people(arrivals, reviewers),
        **_about_cases(arrivals),
        **_from_appeals(arrivals),
        **_from_moderation(arrivals),
        **_about_judges(arrivals, reviewers),
        **_from_operations(arrivals),
    }


def _about_people(arrivals: Arrivals, reviewers: Reviewers) -> MessageHandlers:
    async def on_role_granted(message: Received[RoleGranted]) -> Handled:
        """Somebody may act in a role: register them if it is reviewing."""
        cause, body = Cause.by_message(CONSUMER, message), message.body
        if body.role != "reviewer":
            return await reviewers.pass_over(cause)
        if body.organisation_id is None:
            raise OrganisationUnknownError(person_id=body.person_id)
        command = RegisterReviewer(
            reviewer_id=body.person_id,
            organisation_id=body.organisation_id,
            at=message.occurred_at,
        )
        return await reviewers.register(command, cause)

    async def on_organisation_stated(message: Received[OrganisationStated]) -> Handled:
        """Somebody works elsewhere: decide their independence on that from now on."""
        command = carry(
            message.body,
            NoteEmployer,
            reviewer_id=message.body.person_id,
            at=message.occurred_at,
        )
        return await reviewers.employer(command, Cause.by_message(CONSUMER, message))

    async def on_mentor_nominated(message: Received[MentorNominated]) -> Handled:
        """Somebody supports a participant: they never judge them."""
        command = carry(
            message.body,
            NoteMentee,
            reviewer_id=message.body.mentor_id,
            at=message.occurred_at,
        )
        return await arrivals.mentored(command, Cause.by_message(CONSUMER, message))

    return {
        RoleGranted: on_role_granted,
        OrganisationStated: on_organisation_stated,
        MentorNominated: on_mentor_nominated,
    }


def _about_cases(arrivals: Arrivals) -> MessageHandlers:
    async def on_submitted(message: Received[Submitted]) -> Handled:
        """A portfolio is handed in: let it be judged."""
        command = request_for(message)
        return await arrivals.requested(command, Cause.by_message(CONSUMER, message))

    async def on_deadline_moved(message: Received[DeadlineMoved]) -> Handled:
        """Review of what is handed in starts later."""
        command = carry(message.body, NoteLaterOpening, at=message.occurred_at)
        return await arrivals.moved(command, Cause.by_message(CONSUMER, message))

    async def on_withdrawn(message: Received[Withdrawn]) -> Handled:
        """The participant takes no further part: nothing is judged any more."""
        command = carry(message.body, NoteWithdrawal, at=message.occurred_at)
        return await arrivals.withdrawn(command, Cause.by_message(CONSUMER, message))

    return {
        Submitted: on_submitted,
        DeadlineMoved: on_deadline_moved,
        Withdrawn: on_withdrawn,
    }


def _about_judges(arrivals: Arrivals, reviewers: Reviewers) -> MessageHandlers:
    async def on_standing_changed(message: Received[StandingChanged]) -> Handled:
        """Somebody stands elsewhere: a reviewer who is paused judges nothing."""
        cause, body = Cause.by_message(CONSUMER, message), message.body
        if body.part != "reviewer":
            return await reviewers.pass_over(cause)
        command = NotePause(
            reviewer_id=body.person_id,
            is_paused=body.standing == "paused",
            at=message.occurred_at,
        )
        return await reviewers.paused(command, cause)

    async def on_marks_read(message: Received[MarksRead]) -> Handled:
        """Somebody read how a portfolio was judged: they judge it no more."""
        command = carry(
            message.body,
            NotePart,
            reviewer_id=message.body.person_id,
            at=message.occurred_at,
        )
        return await arrivals.took_part((command,), Cause.by_message(CONSUMER, message))

    return {StandingChanged: on_standing_changed, MarksRead: on_marks_read}


def _from_appeals(arrivals: Arrivals) -> MessageHandlers:
    async def on_hearing_panel(message: Received[HearingPanelAppointed]) -> Handled:
        """An appeal is heard: who hears it judges nothing of the case."""
        commands = [
            NotePart(
                reviewer_id=each, case_id=message.body.case_id, at=message.occurred_at
            )
            for each in message.body.members
        ]
        return await arrivals.took_part(commands, Cause.by_message(CONSUMER, message))

    return {HearingPanelAppointed: on_hearing_panel}


def _from_moderation(arrivals: Arrivals) -> MessageHandlers:
    async def on_return_ordered(message: Received[ReturnOrdered]) -> Handled:
        """A judgement comes back: the same reviewer judges again."""
        return await arrivals.returned(
            message.body.review_id,
            reviewer_id=message.body.reviewer_id,
            token=message.body.token,
            reason=message.body.reason,
            at=message.occurred_at,
            cause=Cause.by_message(CONSUMER, message),
        )

    async def on_review_wanted(message: Received[ReviewWanted]) -> Handled:
        """A portfolio is to be judged: one known here afresh, or one that comes new."""
        if message.body.portfolio is not None:
            wanted = portfolio_wanted(message.body, message.occurred_at)
            return await arrivals.wanted_beside(
                wanted, Cause.by_message(CONSUMER, message)
            )
        command = carry(message.body, NoteFreshReview, at=message.occurred_at)
        return await arrivals.wanted(command, Cause.by_message(CONSUMER, message))

    async def on_outcome_released(message: Received[OutcomeReleased]) -> Handled:
        """An outcome is told: the judgement behind it is not taken back any more."""
        command = NoteRelease(
            case_id=message.body.case_id,
            review_id=review_id_of(message.body.case_id, message.body.attempt),
            at=message.occurred_at,
        )
        cause = Cause.by_message(CONSUMER, message)
        return await arrivals.released(command, _advice(message), cause)

    async def on_outcome_revised(message: Received[OutcomeRevised]) -> Handled:
        """Another outcome is told: the fresh judgement is not taken back any more."""
        cause = Cause.by_message(CONSUMER, message)
        review_id = message.body.review_id
        return await arrivals.revised(_advice(message), review_id, cause)

    return {
        ReturnOrdered: on_return_ordered,
        ReviewWanted: on_review_wanted,
        OutcomeReleased: on_outcome_released,
        OutcomeRevised: on_outcome_revised,
    }


def _advice(
    message: Received[OutcomeReleased] | Received[OutcomeRevised],
) -> NoteAdvice:
    return carry(message.body, NoteAdvice, at=message.occurred_at)


def _from_operations(arrivals: Arrivals) -> MessageHandlers:
    async def on_hold_placed(message: Received[HoldPlaced]) -> Handled:
        """The clocks of a case stand still: nothing of it falls overdue."""
        command = carry(message.body, NoteHold, at=message.occurred_at)
        return await arrivals.held(command, Cause.by_message(CONSUMER, message))

    async def on_hold_lifted(message: Received[HoldLifted]) -> Handled:
        """The clocks of a case run on: its reviews are due later."""
        command = carry(message.body, NoteHoldEnd, at=message.occurred_at)
        return await arrivals.held(command, Cause.by_message(CONSUMER, message))

    return {HoldPlaced: on_hold_placed, HoldLifted: on_hold_lifted}


def portfolio_wanted(body: ReviewWanted, at: datetime) -> WantedBeside:
    """Return what is to be judged, and which review it comes in like.

    Raises:
        UnknownProgrammeError, UnknownProgrammeVersionError: the file is missing here.
    """
    about = body.portfolio
    if about is None:
        raise ValueError("no portfolio")
    request = RequestReview(
        review_id=review_id_of(body.case_id, body.attempt, body.number),
        case_id=body.case_id,
        attempt=body.attempt,
        excluded=body.excluded,
        adjusted=False,
        fairness={},
        submitted_at=about.review_opens_at,
        second_attempt_by=programme_of(about).policy.review.second_attempt_by.value,
        at=at,
        **about.model_dump(exclude={"beside", "apart_microseconds"}),
    )
    return WantedBeside(
        request=request,
        beside=about.beside,
        apart=timedelta(microseconds=about.apart_microseconds),
    )


def request_for(message: Received[Submitted]) -> RequestReview:
    """Return the command that a submission leads to.

    Raises:
        UnknownProgrammeError, UnknownProgrammeVersionError: the file is missing here.
    """
    body = message.body
    policy = programme_of(body).policy.review
    return carry(
        body,
        RequestReview,
        review_id=review_id_of(body.case_id, body.attempt),
        participant_id=body.person_id,
        participant_organisation_id=body.organisation_id,
        due_at=months_later(body.review_opens_at, months=policy.period_months.value),
        second_attempt_by=policy.second_attempt_by.value,
        at=message.occurred_at,
    )
