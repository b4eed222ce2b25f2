"""Which private facts of review become public, and as what. Pure."""

from services.review.domain.events import Completed
from services.review.domain.turns import Allocated, FellOverdue
from shared.contracts import review as public
from shared.contracts.message import Message
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    A final judgement leaves, and what a reviewer is expected to judge by when; drafts,
    claims and conflicts stay here.
    """
    match fact:
        case Completed():
            return _completed(fact)
        case Allocated():
            return public.Allocated(
                review_id=fact.review_id,
                case_id=fact.case_id,
                reviewer_id=fact.reviewer_id,
                due_at=fact.due_at,
            )
        case FellOverdue(reviewer_id=str() as reviewer_id):
            return public.Overdue(
                review_id=fact.review_id,
                case_id=fact.case_id,
                reviewer_id=reviewer_id,
                due_at=fact.due_at,
            )
        case _:
            return None


def _completed(fact: Completed) -> public.Completed:
    return public.Completed(
        review_id=fact.review_id,
        case_id=fact.case_id,
        cohort_id=fact.cohort_id,
        attempt=fact.attempt,
        participant_id=fact.participant_id,
        participant_organisation_id=fact.participant_organisation_id,
        mentor_id=fact.mentor_id,
        reviewer_id=fact.reviewer_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
        role_context=fact.role_context,
        adjusted=fact.adjusted,
        fairness=fact.fairness,
        snapshot_sha256=fact.snapshot_sha256,
        snapshot_path=fact.snapshot_path,
        levels=fact.levels,
        outcome=fact.outcome,
        borderline=fact.borderline,
        feedback=fact.feedback,
        completed_at=fact.occurred_at,
    )
