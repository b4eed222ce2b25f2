"""Second opinions in the export of draws; docs/draws.md says what each field means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, assert_never

from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)

PlacedOpinion: TypeAlias = tuple[int, OpinionEvent]
"""Where in the log, and the fact."""
NOBODY: Mapping[str, Sequence[PlacedOpinion]] = {}
"""Of a plan without second opinions."""


def opinion_entries(
    facts: Sequence[PlacedOpinion],
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield position, kind and fields of what is exported about one moderator."""
    before: OpinionEvent | None = None
    for position, fact in facts:
        match fact:
            case OpinionDrawn():
                yield position, "opinion", _drawn(fact, before)
            case ModeratorDifferenceNoted():
                yield position, "moderator_difference", _difference(fact)
            case ModeratorStandingApplied(standing=standing, least_ppm=least_ppm):
                told = {"standing": standing, "least_ppm": least_ppm}
                yield position, "moderator_standing", told
            case OpinionProbabilitySet() | ModeratorAlarmRaised():
                pass
            case _:
                assert_never(fact)
        before = fact


def _drawn(fact: OpinionDrawn, before: OpinionEvent | None) -> dict[str, Any]:
    """Return a draw with the probability set right before it; nothing without one."""
    told = before if isinstance(before, OpinionProbabilitySet) else None
    if told is not None and told.judgement_id != fact.judgement_id:
        told = None
    return {
        "judgement": str(fact.judgement_id),
        "probability_ppm": told.probability_ppm if told else None,
        "rule": told.rule if told else None,
        "ticket": fact.ticket,
        "selected": fact.selected,
    }


def _difference(fact: ModeratorDifferenceNoted) -> dict[str, Any]:
    scores = fact.scores
    return {
        "judgement": str(fact.judgement_id),
        "place": fact.place,
        "level_difference": fact.level_difference,
        "absolute_difference": fact.absolute_difference,
        "outcome_differs": fact.outcome_differs,
        "scores": [*scores.by_chart().values()] if scores else None,
    }
