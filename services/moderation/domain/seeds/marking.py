"""Definitive marks: the median of a panel of three, with their spread as tolerance."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from services.moderation.domain.detection import Observation
from shared.decider import Value
from shared.vocabulary import CRITERIA, CriterionKey, Level, Outcome, outcome_of

PANEL = 3
"""So many people judge a seed. Source: statistics.md section 4."""
WIDEST: Literal[1] = 1
"""Levels of tolerance at most, however far the panel was apart (P)."""

Levels: TypeAlias = Mapping[CriterionKey, Level]


class Definitive(Value):
    """What a seed is worth, and how far from it a judgement is still in tolerance."""

    levels: dict[CriterionKey, Level]
    outcome: Outcome
    tolerance: dict[CriterionKey, Literal[0, 1]]


def definitive_of(marks: Sequence[Levels]) -> Definitive:
    """Return the definitive marks that three people's make.

    Raises:
        ValueError: there are not three of them; a bug in the caller.
    """
    if len(marks) != PANEL:
        message = f"{len(marks)} marks of a panel of {PANEL}"
        raise ValueError(message)
    ordered = {key: sorted(each[key] for each in marks) for key in CRITERIA}
    levels = {key: found[PANEL // 2] for key, found in ordered.items()}
    return Definitive(
        levels=levels,
        outcome=outcome_of(levels),
        tolerance={
            key: WIDEST if found[-1] > found[0] else 0 for key, found in ordered.items()
        },
    )


def is_in_tolerance(levels: Levels, definitive: Definitive) -> bool:
    """Tell whether no criterion is further off than the panel was apart."""
    return all(
        abs(levels[key] - definitive.levels[key]) <= definitive.tolerance[key]
        for key in CRITERIA
    )


def difference(levels: Levels, definitive: Definitive) -> Observation:
    """Return how a judgement lies against the definitive marks.

    Another outcome counts as overturned where it is out of tolerance: what the panel
    was apart in itself is nobody's fault.
    """
    gaps = [levels[key] - definitive.levels[key] for key in CRITERIA]
    is_other = outcome_of(dict(levels)) != definitive.outcome
    return Observation(
        level_difference=sum(gaps),
        absolute_difference=sum(abs(gap) for gap in gaps),
        overturned=is_other and not is_in_tolerance(levels, definitive),
    )
