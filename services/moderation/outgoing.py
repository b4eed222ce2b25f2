"""Which private facts of moderation become public, and as what. Pure."""

from services.moderation.domain.events import OutcomeReleased
from shared.contracts.message import Message
from shared.contracts.moderation import OutcomeReleased as OutcomeReleasedMessage
from shared.decider import Fact
from shared.eventlog import StoredEvent


def to_public(fact: Fact, _: StoredEvent) -> Message | None:
    """Return the message to publish for *fact*; None keeps it private.

    Only a released outcome leaves: draws, blind judgements and reasons stay here.
    """
    if not isinstance(fact, OutcomeReleased):
        return None
    return OutcomeReleasedMessage(
        case_id=fact.case_id,
        cohort_id=fact.cohort_id,
        attempt=fact.attempt,
        participant_id=fact.participant_id,
        programme=fact.programme,
        programme_version=fact.programme_version,
        policy_version=fact.policy_version,
        outcome=fact.outcome,
        feedback=fact.feedback,
        took_part=fact.took_part,
        released_at=fact.occurred_at,
    )
