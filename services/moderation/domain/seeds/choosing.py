"""Which seed comes when: tickets under labels of their own, as every draw has them.

Invariant: whether a seed follows a judgement, and which, is decided by the committed
key and the public randomness; nobody who lacks the key can foresee it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.moderation.domain.drawing import Sampler
from services.moderation.domain.sampling import poisson_selects, ticket_of
from services.moderation.domain.seeds.evolve import Pool, Seed

LABEL = "seed"
"""Of the ticket that says whether a seed follows a judgement."""
CHOICE_LABEL = "seed-choice"
"""Of the tickets by which one of several is chosen: the smallest."""

Lacking: TypeAlias = Literal["none_left", "employer_unknown"]
"""Why no seed of the pool may be put before somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reviewer who may get a seed, and what keeps which of them from it."""

    person_id: str
    organisation_id: str | None
    mentees: Collection[str] = frozenset()
    reviewed: Collection[str] = frozenset()
    """Participants whom they judged, in any cohort."""
    cohort_id: str
    templates: Collection[str]
    """Of the version of the programme that the cohort has."""


def seed_ticket(sampler: Sampler, judgement_id: str) -> int:
    """Return the ticket that says whether a seed follows this judgement."""
    return ticket_of(sampler.seed, LABEL, judgement_id)


def is_due(sampler: Sampler, judgement_id: str) -> bool:
    """Tell whether a seed is to follow this judgement; never once the key is public."""
    rules = sampler.rules.seeds
    if rules is None or sampler.is_key_public:
        return False
    ticket = seed_ticket(sampler, judgement_id)
    return poisson_selects(ticket, probability_ppm=rules.rate_ppm)


def candidates(pool: Pool, reader: Reader) -> tuple[str, ...]:
    """Return the seeds that may be put before somebody, in the order of their ids."""
    found = pool.seeds.items()
    return tuple(sorted(name for name, each in found if _may_get(each, reader)))


def lacking(reader: Reader) -> Lacking:
    """Return why there is nothing for somebody."""
    return "none_left" if reader.organisation_id else "employer_unknown"


def chosen(sampler: Sampler, after: str, among: Iterable[str]) -> str:
    """Return which of several seeds follows a judgement: that of the least ticket."""

    def rank(each: str) -> tuple[int, str]:
        return ticket_of(sampler.seed, CHOICE_LABEL, f"{after}.{each}"), each

    return min(among, key=rank)


def _may_get(seed: Seed, reader: Reader) -> bool:
    made, me = seed.made, reader.person_id
    has_bond = (
        me in {made.participant_id, made.mentor_id, *made.took_part, *made.panel}
        or made.participant_id in reader.mentees
        or made.participant_id in reader.reviewed
        or reader.organisation_id in {None, made.participant_organisation_id}
    )
    return (
        seed.is_usable
        and not has_bond
        and me not in seed.shown
        and made.cohort_id != reader.cohort_id
        and made.template in reader.templates
    )
