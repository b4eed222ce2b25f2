"""The draws of a cohort in a form that is published and stays: ``attest-draws/2``.

It tells what each rule asked for, so that whoever checks it need not know every rule.
Invariant: it holds what a draw may depend on and nothing else, so no word, no
participant and no attribute of one. docs/draws.md says what each field means.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from services.moderation.domain.plan.events import (
    KeyRevealed,
    NonceCommitted,
    NonceRevealed,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
)
from services.moderation.domain.verification.digests import content_hash
from services.moderation.domain.verification.exported_draws import (
    ExportedDraws,
    Placed,
    Told,
)
from services.moderation.domain.verification.exported_opinions import (
    NOBODY,
    PlacedOpinion,
    opinion_entries,
)
from services.moderation.domain.verification.lottery import Lottery

FORMAT = "attest-draws/2"


def export_of(
    plan_facts: Sequence[tuple[int, PlanEvent]],
    draws: Mapping[str, Sequence[Placed]],
    opinions: Mapping[str, Sequence[PlacedOpinion]] = NOBODY,
) -> Told:
    """Return the export of a cohort whose key is public.

    *plan_facts* are those of its ``plan-`` stream, *draws* those of each ``draw-``
    stream by reviewer, *opinions* those of each ``opinion-`` stream by moderator, all
    with their positions, in the order of the log.

    Raises:
        ValueError: its plan, randomness or key is not there exactly once.
    """
    lottery = Lottery.of([fact for _, fact in plan_facts])
    if lottery is None:
        message = "A plan, its randomness and its key are exported once each."
        raise ValueError(message)
    told: Told = {"format": FORMAT, "commitments": {}, "nonces": {}}
    for _, fact in plan_facts:
        told |= _header(fact, told)
    placed: list[tuple[int, Told]] = []
    ordinals: dict[UUID, int] = {}
    for reviewer_id, facts in draws.items():
        exported = ExportedDraws(lottery.walk(reviewer_id))
        placed += exported.follow(facts)
        ordinals |= exported.ordinals()
    for moderator_id, seen in opinions.items():
        walk = lottery.opinion_walk(moderator_id)
        placed += opinion_entries(seen, walk, ordinals)
    ordered = (entry for _, entry in sorted(placed, key=lambda each: each[0]))
    told["facts"] = [*chained(ordered, told["plan_hash"])]
    return {**told, "sha256": content_hash({**told, "sha256": None})}


def chained(facts: Iterable[Told], before: str) -> Iterator[Told]:
    """Yield *facts*, each with a digest of itself and of the digest *before* it."""
    for fact in facts:
        before = content_hash([before, {**fact, "digest": None}])
        yield {**fact, "digest": before}


def _header(fact: PlanEvent, told: Told) -> Told:
    match fact:
        case PlanPublished():
            return {
                "plan": fact.plan.model_dump(mode="json"),
                "plan_hash": fact.plan_hash,
                "key_commitment": fact.key_commitment,
            }
        case NonceCommitted(party=party, commitment=commitment):
            return {"commitments": {**told["commitments"], party: commitment}}
        case NonceRevealed(party=party, nonce=nonce):
            return {"nonces": {**told["nonces"], party: nonce}}
        case RandomnessFixed(beacon=beacon):
            return {"beacon": beacon}
        case KeyRevealed(key=key):
            return {"key": key}
        case _:
            return {}
