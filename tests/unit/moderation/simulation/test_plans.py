"""A simulated plan gives the probabilities that the domain's own sampler gives."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from services.moderation.domain.detection import Observation, Scores
from services.moderation.domain.inclusion import Past
from services.moderation.domain.rules import Rules
from services.moderation.simulation.following import Followed, Simulated, follow
from services.moderation.simulation.marking import FAULTS, KINDS, kind_of
from services.moderation.simulation.plans import policy_of
from services.moderation.simulation.populations import Source
from shared.vocabulary import CRITERIA, outcome_of
from tests.unit.moderation.examples import NOW, RULES, SAMPLER, judged

PORTFOLIOS, REVIEWERS = 40, 12
SCARCE = RULES.model_copy(
    update={"first_judgements": 3, "block_size": 20, "floors": RULES.floors[:1]}
)


@cache
def reviewers(fault: str) -> Simulated:
    source = Source(portfolios=PORTFOLIOS, met_levels=(3,), seed=11)
    return source.reviewers(FAULTS[fault], REVIEWERS, "walking")[3]


def followed(fault: str, rules: Rules) -> Followed:
    assert rules.detection is not None
    policy = policy_of(rules, "plan", met_level=3)
    return follow(policy, rules.detection, reviewers(fault), to_the_end=True)


def observation(fault: str, number: int, which: int) -> Observation:
    judgements = reviewers(fault).judgements
    return Observation(
        level_difference=int(judgements.level_difference[number, which]),
        absolute_difference=int(judgements.absolute_difference[number, which]),
        overturned=bool(judgements.is_wrong[number, which]),
    )


def path(fault: str, rules: Rules, which: int, drawn: Followed) -> list[int]:
    """Return the probabilities of one reviewer by the domain, up to the alarm."""
    assert rules.detection is not None
    sampler = SAMPLER.__class__(
        rules=rules, seed=SAMPLER.seed, published_at=NOW - timedelta(days=1)
    )
    scores, found = Scores(), list[int]()
    for number in range(PORTFOLIOS):
        kind = reviewers(fault).judgements.kind[number, which]
        levels, is_borderline = KINDS[kind]
        given = dict(zip(CRITERIA, levels, strict=True))
        case = judged(levels=given).model_copy(
            update={"borderline": is_borderline, "outcome": outcome_of(given)}
        )
        past = Past(scores=scores)
        asked = sampler.inclusion(case, ordinal=number + 1, past=past)
        found.append(asked.probability_ppm)
        if drawn.selected[number][which]:
            scores = scores.after(observation(fault, number, which), rules.detection)
        if scores.alarms(rules.detection):
            break
    return found


@pytest.mark.parametrize("rules", [RULES, SCARCE], ids=["usual", "scarce"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_simulated_reviewer_is_drawn_as_the_domain_draws(
    fault: str, rules: Rules
) -> None:
    drawn = followed(fault, rules)
    for which in range(REVIEWERS):
        expected = path(fault, rules, which, drawn)
        simulated = [int(row[which]) for row in drawn.probability_ppm]
        assert simulated[: len(expected)] == expected
        assert set(simulated[len(expected) :]) <= {1_000_000}


def test_a_plan_without_charts_never_escalates() -> None:
    rules = RULES.model_copy(update={"detection": None})
    assert policy_of(rules, "plan", met_level=3).escalation is None


def test_every_kind_of_judgement_has_its_number() -> None:
    for number, (levels, is_borderline) in enumerate(KINDS):
        column = np.array([[level] for level in levels], np.int8)
        assert kind_of(column, np.array([is_borderline])) == number
