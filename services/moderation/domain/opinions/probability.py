"""How likely a second moderator judges what a first one has judged.

Every first blind judgement of a drawn case is drawn from, whether it agrees with the
reviewer or not. Where it agrees the ticket alone calls a second moderator. Where it
differs one is called anyway; the ticket then decides whether the comparison counts in
the charts, so that these see a random sample of a moderator's work and not mostly
what is disputed. Whoever is called second cannot tell why.

The largest of these, of equal ones the first; nothing but what the plan says and what
was noted before. They are written a second time on purpose: give a new rule to
`verification.opinions`, too. Sources: moderation.md 9, statistics.md 2.7 and 4.
"""

from dataclasses import dataclass

from services.moderation.domain.detection import escalated_ppm
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.opinions.events import OpinionRule
from services.moderation.domain.opinions.evolve import Opinions
from services.moderation.domain.sampling import (
    PARTS_PER_MILLION,
    poisson_selects,
    ticket_of,
)

TICKET_LABEL = "second-opinion"


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability in parts per million, and the rule that set it."""

    probability_ppm: int
    rule: OpinionRule


def chance_of(state: Opinions, sampler: Sampler) -> Chance:
    """Return how likely the moderator's next first judgement has a second one."""
    rules = sampler.rules
    least = rules.second_opinions_ppm
    asked = [Chance(least, "second_opinions")]
    if rules.detection is not None:
        wanted = escalated_ppm(state.scores, rules.detection, least)
        asked.append(Chance(wanted, "adaptive"))
    if state.standing is not None:
        asked.append(Chance(state.standing.least_ppm, "standing"))
    if sampler.is_key_public:
        asked.append(Chance(PARTS_PER_MILLION, "key_revealed"))
    return max(asked, key=lambda each: each.probability_ppm)


def ticket_for(sampler: Sampler, judgement_id: str, chance: Chance) -> tuple[int, bool]:
    """Return the ticket of a judgement, and whether it selects at this probability."""
    value = ticket_of(sampler.seed, TICKET_LABEL, judgement_id)
    selected = poisson_selects(value, probability_ppm=chance.probability_ppm)
    return value, selected
