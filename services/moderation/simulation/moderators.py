"""What second opinions cost, and what they find among made-up moderators.

Reviewers and moderators mark as in `marking`; a moderator with a fault sees the same
quality, and is too strict or too lenient. Comparisons are those of drawn cases: as one
of two moderators, the other marking well. Invariant: the same seed, the same figures.
"""

from dataclasses import dataclass

import numpy as np

from services.moderation.domain.detection import Detection
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.charts import Charts, Shown
from services.moderation.simulation.marking import (
    GOOD,
    MODERATOR_NOISE,
    Flags,
    Levels,
    Marking,
    graded,
)

CASES = 200_000
"""Moderated judgements behind a share: its standard error is below 0.1 of 100."""
COMPARISONS = 100
"""With another moderator: about 700 first judgements at 7 of 100."""
FEW = 14
"""Comparisons in 100 first judgements at 7 of 100, half of them as the second."""

_WELL = Marking(noise=MODERATOR_NOISE)
_HARSH = Marking(noise=MODERATOR_NOISE, severity=-0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How much a second moderator judges, and how soon charts tell of a moderator."""

    disputed: float
    """Share of moderated judgements of good reviewers from which the first differs."""
    drawn: float
    """Share in which the first agrees and a second one was drawn."""
    false_flags: float
    """Share of moderators who mark well with an alarm in so many `COMPARISONS`."""
    harsh_found: float
    """Share of harsh ones (-.8) with an alarm in the first `FEW`."""


def seconds_of(
    rules: Rules, *, met_level: int, moderators: int, seed: int
) -> Seconds | None:
    """Return what second opinions under *rules* cost and find; None without any."""
    if not rules.second_opinions_ppm or rules.detection is None:
        return None
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, 9))))
    reviewer, first = graded(random, CASES, (GOOD, _WELL))
    gap = np.abs(reviewer - first).max(axis=0)
    is_disputed = _differ(reviewer, first, met_level) | (gap >= rules.criterion_gap)
    disputed = float(is_disputed.mean())
    share = rules.second_opinions_ppm / PARTS_PER_MILLION
    flagged = [
        _flagged(rules.detection, marking, random, (moderators, count, met_level))
        for marking, count in ((_WELL, COMPARISONS), (_HARSH, FEW))
    ]
    return Seconds(
        disputed=disputed,
        drawn=share * (1 - disputed),
        false_flags=flagged[0],
        harsh_found=flagged[1],
    )


def _flagged(
    detection: Detection,
    marking: Marking,
    random: np.random.Generator,
    volume: tuple[int, int, int],
) -> float:
    """Return the share with an alarm; *volume*: moderators, comparisons, met level."""
    moderators, comparisons, met_level = volume
    charts = Charts(moderators, detection)
    is_flagged = np.zeros(moderators, np.bool_)
    everybody = np.ones(moderators, np.bool_)
    for _ in range(comparisons):
        mine, other = graded(random, moderators, (marking, _WELL))
        gaps = mine - other
        shown = Shown(
            level_difference=gaps.sum(axis=0, dtype=np.int8),
            absolute_difference=np.abs(gaps).sum(axis=0, dtype=np.int8),
            is_wrong=_differ(mine, other, met_level),
        )
        charts.add(shown, everybody)
        is_flagged |= charts.risk_ppm() >= PARTS_PER_MILLION
    return float(is_flagged.mean())


def _differ(one: Levels, other: Levels, met_level: int) -> Flags:
    """Return where the outcomes differ."""
    found: Flags = (one.min(axis=0) >= met_level) != (other.min(axis=0) >= met_level)
    return found
