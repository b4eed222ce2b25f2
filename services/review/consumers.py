"""What review does when it hears from submission: translation only.

The two messages come in any order; each moves a stream of its own, so every
interleaving leads to the same state.
"""

from services.review.domain.commands import RequestReview
from services.review.domain.period import due_at
from services.review.domain.reviewer.commands import RegisterReviewer
from services.review.handlers import Reviewers, Reviews
from shared.contracts.message import Received
from shared.contracts.submission import RoleGranted, Submitted
from shared.errors import BadInputError
from shared.handling import Cause, Handled
from shared.programmes import load_programme
from shared.web.service import MessageHandlers

CONSUMER = "review"


class OrganisationUnknownError(BadInputError):
    """A reviewer came without an organisation: grant the role again with one."""


def build(reviews: Reviews, reviewers: Reviewers) -> MessageHandlers:
    """Return what handles each message type of the others."""

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

    async def on_submitted(message: Received[Submitted]) -> Handled:
        """A portfolio is handed in: let it be judged."""
        command = request_for(message)
        return await reviews.request(command, Cause.by_message(CONSUMER, message))

    return {RoleGranted: on_role_granted, Submitted: on_submitted}


def request_for(message: Received[Submitted]) -> RequestReview:
    """Return the command that a submission leads to.

    Raises:
        UnknownProgrammeError: this version of the product lacks the programme.
    """
    body = message.body
    period = load_programme(body.programme).policy.review.period_months
    return RequestReview(
        review_id=f"{body.case_id}.{body.attempt}.1",
        case_id=body.case_id,
        cohort_id=body.cohort_id,
        attempt=body.attempt,
        participant_id=body.person_id,
        participant_organisation_id=body.organisation_id,
        mentor_id=body.mentor_id,
        programme=body.programme,
        programme_version=body.programme_version,
        policy_version=body.policy_version,
        template=body.template,
        role_context=body.role_context,
        adjusted=body.adjusted,
        snapshot_sha256=body.snapshot_sha256,
        snapshot_path=body.snapshot_path,
        submitted_at=body.submitted_at,
        review_opens_at=body.review_opens_at,
        due_at=due_at(body.review_opens_at, months=period.value),
        at=message.occurred_at,
    )
