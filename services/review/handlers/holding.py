"""What every command to a held review begins with: who asks, and whether they hold it.

Invariant: claim and independence are proven from folded facts before anything is opened
or sealed; the decider checks both again on the same versions.
"""

from services.review.domain.allocation.commands import Holder
from services.review.domain.assessment.commands import NoteJudge
from services.review.domain.assessment.decide import assessment
from services.review.domain.assessment.evolve import Assessment
from services.review.domain.claims import claim_of
from services.review.domain.commands import ReviewCommand
from services.review.domain.decide import review, waiting
from services.review.domain.independence import Judgeable, refuse_dependence
from services.review.domain.naming import case_of
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.reviewer.evolve import Reviewer
from services.review.domain.situations import NotRequested, Waiting
from services.review.handlers.words import Shown
from shared.handling import Loader, Step


async def waiting_review(loader: Loader, shown: Shown) -> Waiting:
    """Return the review that can still be judged.

    Raises:
        UnknownReviewError: nobody asked for it.
        AlreadyCompletedError: its judgement is final.
        ReviewClosedError: the participant has withdrawn.
    """
    return waiting(await loader.state(review, stream(shown.review_id)))


async def asking_reviewer(loader: Loader, shown: Shown) -> Reviewer:
    """Return what is known of the asker; the decision now depends on it."""
    return await loader.state(reviewer, reviewer_stream(shown.reviewer_id))


async def assessment_of(loader: Loader, review_id: str) -> Assessment:
    """Return what is known of the review's case, and for whom its participant works.

    The decision now depends on both.
    """
    known = await loader.state(assessment, assessment_stream(case_of(review_id)))
    found = await loader.state(review, stream(review_id))
    if isinstance(found, NotRequested):
        return known
    return known.employed(await employer_of(loader, found.requested))


async def employer_of(loader: Loader, about: Judgeable) -> str | None:
    """Return for whom a participant works now, as far as they have stated it."""
    found = await loader.state(reviewer, reviewer_stream(about.participant_id))
    return found.organisation_id


async def holder(loader: Loader, shown: Shown) -> Holder:
    """Return the asker with the token they show, not proven yet."""
    return Holder(
        reviewer_id=shown.reviewer_id,
        reviewer=await asking_reviewer(loader, shown),
        assessment=await assessment_of(loader, shown.review_id),
        token=shown.token,
    )


def proven(state: Waiting, by: Holder, shown: Shown) -> Waiting:
    """Return *state* once the asker has proven claim and independence.

    Raises:
        TokenMissingError, TokenStaleError, TokenNotYoursError: no claim in force.
        NotAReviewerError, or which bond there is.
    """
    refuse_dependence(state.request, by.reviewer, by.assessment)
    claim_of(by, state, shown.at)
    return state


def step(review_id: str, command: ReviewCommand) -> Step:
    """Return *command* to the stream of the review."""
    return Step(review, stream(review_id), command)


def judge_noted(shown: Shown) -> Step:
    """Return the step by which the case knows who has judged this review."""
    case_id = case_of(shown.review_id)
    command = NoteJudge(
        case_id=case_id,
        review_id=shown.review_id,
        reviewer_id=shown.reviewer_id,
        at=shown.at,
    )
    return Step(assessment, assessment_stream(case_id), command)


def stream(review_id: str) -> str:
    """Return the name of the review's stream."""
    return f"review-{review_id}"


def reviewer_stream(person_id: str) -> str:
    """Return the name of the reviewer's stream."""
    return f"reviewer-{person_id}"


def assessment_stream(case_id: str) -> str:
    """Return the name of the stream of the case as review knows it."""
    return f"assessment-{case_id}"
