"""The parties' numbers: all are bound before the first is shown."""

from services.moderation.domain.plan.commands import CommitNonce, RevealNonce
from services.moderation.domain.plan.events import (
    NonceCommitted,
    NonceRevealed,
    PlanEvent,
    RandomnessFixed,
)
from services.moderation.domain.plan.evolve import CohortPlan, Published
from services.moderation.domain.plan.refusals import (
    BoundToAnotherNonceError,
    CommitmentsMissingError,
    NonceDoesNotMatchError,
    NotAPartyError,
    PlanUnpublishedError,
)
from services.moderation.domain.randomness import beacon_of, nonce_commitment
from shared.carrying import carry


def _party_to(party: str, state: CohortPlan) -> Published:
    if state.published is None:
        raise PlanUnpublishedError
    if party not in state.published.plan.parties:
        raise NotAPartyError(parties=list(state.published.plan.parties))
    return state.published


def commit(command: CommitNonce, state: CohortPlan) -> tuple[PlanEvent, ...]:
    """Return the fact that a party is bound to its number."""
    published = _party_to(command.party, state)
    earlier = published.commitments.get(command.party)
    if earlier == command.commitment:
        return ()
    if earlier is not None:
        raise BoundToAnotherNonceError
    return (carry(command, NonceCommitted, occurred_at=command.at),)


def reveal(command: RevealNonce, state: CohortPlan) -> tuple[PlanEvent, ...]:
    """Return the fact that a party showed its number; the last fixes the result."""
    published = _party_to(command.party, state)
    plan, nonces = published.plan, published.nonces
    if nonces.get(command.party) == command.nonce:
        return ()
    missing = [each for each in plan.parties if each not in published.commitments]
    if missing:
        raise CommitmentsMissingError(parties=missing)
    shown = nonce_commitment(plan.cohort_id, command.party, command.nonce)
    if shown != published.commitments[command.party]:
        raise NonceDoesNotMatchError
    revealed = carry(command, NonceRevealed, occurred_at=command.at)
    known = {**nonces, command.party: command.nonce}
    if len(known) < len(plan.parties):
        return (revealed,)
    beacon = beacon_of(plan.cohort_id, known)
    return (revealed, RandomnessFixed(beacon=beacon, occurred_at=command.at))
