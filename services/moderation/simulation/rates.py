"""How well the official overturn rate tells the rate of everything that was judged.

The official rate uses first judgements and hidden picks alone: what escalation adds is
drawn because of what was seen, and would bias it. Source: statistics.md 2.7 and
section 5, claim 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from services.moderation.domain.detection import Detection
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.following import Followed, Simulated, follow
from services.moderation.simulation.marking import FAULTS, GOOD, Flags
from services.moderation.simulation.policies import Policy
from services.moderation.simulation.populations import Source
from services.moderation.statistics.rates import (
    Picks,
    horvitz_thompson_total,
    official_rate,
)

COHORT: Mapping[str, int] = MappingProxyType(
    {"": 37, "step drift": 1, "harsh": 1, "careless": 1}
)
"""Reviewers of a cohort by fault, "" for none. Source: statistics.md section 5."""

ALIKE = 40
"""Reviewers of a cohort who all mark alike, of whom one interval is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bias:
    """Estimated minus true rate of reviewers who all mark alike."""

    official: float
    weighted: float
    """Of everything that was moderated, by its probability (Horvitz-Thompson).

    Within a block the probability knows what was seen before, so this is biased.
    """
    naive: float
    """Of everything that was moderated, each counted once."""
    true_rate: float
    coverage: float
    """Share of groups of `ALIKE` of them whose official interval holds their rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """The official rate of many cohorts, each against its own true rate."""

    count: int
    coverage: float
    """Share whose interval holds the true rate."""
    bias: float
    naive_bias: float
    error: float
    """Root of the mean squared error."""


def bias_of(policy: Policy, detection: Detection, reviewers: Simulated) -> Bias:
    """Return how far estimates over all *reviewers*, at least `ALIKE`, are off."""
    followed = follow(policy, detection, reviewers, to_the_end=True)
    wrong = reviewers.judgements.is_wrong
    true_rate = float(wrong.mean())
    seen = np.stack(followed.selected)
    picks = picks_of(policy, followed, reviewers)
    return Bias(
        official=_official(picks, policy)[0] - true_rate,
        weighted=_weighted(followed, wrong) - true_rate,
        naive=float(wrong[seen].mean()) - true_rate,
        true_rate=true_rate,
        coverage=_coverage(picks, wrong, policy),
    )


def _coverage(picks: Sequence[Picks], wrong: Flags, policy: Policy) -> float:
    covered = []
    for start in range(0, len(picks) - ALIKE + 1, ALIKE):
        group = slice(start, start + ALIKE)
        _, low, high = _official(picks[group], policy)
        covered.append(low <= float(wrong[:, group].mean()) <= high)
    return float(np.mean(covered))


def cohorts(
    policy: Policy, detection: Detection, source: Source, *, met_level: int, count: int
) -> Cohorts:
    """Return how the official rate does in *count* cohorts made up as `COHORT` says."""
    parts = [
        _part(
            policy,
            detection,
            source.reviewers(FAULTS.get(fault, GOOD), each * count, "cohorts")[
                met_level
            ],
            count,
        )
        for fault, each in COHORT.items()
    ]
    errors, naive, covered = np.empty(count), np.empty(count), 0
    for number in range(count):
        own = [part[number] for part in parts]
        total = sum(part.judged for part in own)
        true_rate = sum(part.wrong for part in own) / total
        picks = [pick for part in own for pick in part.picks]
        rate, low, high = _official(picks, policy)
        errors[number] = rate - true_rate
        seen = sum(part.seen for part in own)
        naive[number] = sum(part.seen_wrong for part in own) / seen - true_rate
        covered += low <= true_rate <= high
    return Cohorts(
        count=count,
        coverage=float(covered / count),
        bias=float(errors.mean()),
        naive_bias=float(naive.mean()),
        error=float(np.sqrt(np.square(errors).mean())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Reviewers of one cohort who mark alike."""

    picks: Sequence[Picks]
    judged: int
    wrong: int
    seen: int
    seen_wrong: int


def _part(
    policy: Policy, detection: Detection, reviewers: Simulated, count: int
) -> list[_Part]:
    """Return the same number of *reviewers* for each of *count* cohorts."""
    followed = follow(policy, detection, reviewers, to_the_end=True)
    wrong, seen = reviewers.judgements.is_wrong, np.stack(followed.selected)
    both = wrong & seen
    picks = picks_of(policy, followed, reviewers)
    each = len(picks) // count
    groups = (slice(start, start + each) for start in range(0, len(picks), each))
    return [
        _Part(
            picks=picks[group],
            judged=wrong[:, group].size,
            wrong=int(wrong[:, group].sum()),
            seen=int(seen[:, group].sum()),
            seen_wrong=int(both[:, group].sum()),
        )
        for group in groups
    ]


def picks_of(policy: Policy, followed: Followed, reviewers: Simulated) -> list[Picks]:
    """Return what counts for the official rate, by reviewer."""
    wrong = reviewers.judgements.is_wrong.astype(np.float64)
    picked = np.stack(followed.picked)
    first = wrong[: policy.first_judgements].T.tolist()
    return [
        Picks(first=first[which], hidden=wrong[picked[:, which], which].tolist())
        for which in range(reviewers.judgements.reviewers)
    ]


def _weighted(followed: Followed, wrong: Flags) -> float:
    is_counted = wrong & np.stack(followed.selected)
    probability = np.stack(followed.probability_ppm)[is_counted] / PARTS_PER_MILLION
    ones = np.ones(len(probability))
    return horvitz_thompson_total(ones.tolist(), probability.tolist()) / wrong.size


def _official(picks: Sequence[Picks], policy: Policy) -> tuple[float, float, float]:
    """Return the rate and its interval."""
    if policy.block_size is None:
        message = f"{policy.name}: without blocks there is no official rate"
        raise ValueError(message)
    found = official_rate(picks, block_size=policy.block_size)
    if found.value is None or found.interval is None:
        raise ValueError(found.reason)
    return found.value, found.interval.low, found.interval.high
