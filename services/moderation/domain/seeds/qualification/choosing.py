"""Which seeds make up a set: those of the least tickets, under a label of their own.

Invariant: nobody who lacks the committed key can foresee a set, nobody who holds it
chose one, and anybody can derive it again once the key is public.
"""

from collections.abc import Collection

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.sampling import ticket_of
from services.moderation.domain.seeds.qualification.events import (
    PlacedSeed,
    QualificationBegun,
)

LABEL = "qualification"
"""Of the tickets by which seeds are chosen: the least ones."""
CASE_LABEL = "qualification-case"
"""Of the tickets that their cases are named by."""
CASE_ID_DIGITS = 20
"""As many as every case id has. Source: how submission names cases."""


def chosen_set(
    sampler: Sampler,
    begun: QualificationBegun,
    round_: int,
    among: Collection[str],
    *,
    count: int,
) -> tuple[PlacedSeed, ...]:
    """Return the seeds of a set, each with the id of its case, by their tickets."""

    def name(each: str) -> str:
        return f"{begun.reviewer_id}.{begun.number}.{round_}.{each}"

    def rank(each: str) -> tuple[int, str]:
        return ticket_of(sampler.seed, LABEL, name(each)), each

    return tuple(
        PlacedSeed(seed_id=each, case_id=_case_id(sampler, name(each)))
        for each in sorted(among, key=rank)[:count]
    )


def _case_id(sampler: Sampler, name: str) -> str:
    ticket = ticket_of(sampler.seed, CASE_LABEL, name)
    return f"c{ticket:064x}"[: 1 + CASE_ID_DIGITS]
