"""How facts add up to the second opinions about one moderator in one cohort."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from services.moderation.domain.detection import NO_SCORES, Alarm, Scores, runs_after
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What was drawn of a moderator's first judgements, and what second ones said."""

    drawn: Mapping[UUID, bool] = field(default_factory=dict)
    """By the reviewer's judgement whether a second moderator was drawn."""
    noted: tuple[UUID, ...] = ()
    """Judgements in which they were compared with another moderator, in order."""
    scores: Scores = NO_SCORES
    runs: Mapping[Alarm, tuple[UUID, ...]] = field(default_factory=dict)
    """By chart the judgements since it was last at nought."""
    standing: ModeratorStandingApplied | None = None


INITIAL = Opinions()


def evolve(state: Opinions, event: OpinionEvent) -> Opinions:
    """Return *state* as it is after *event*."""
    match event:
        case OpinionDrawn(judgement_id=judgement_id, selected=selected):
            return replace(state, drawn={**state.drawn, judgement_id: selected})
        case ModeratorDifferenceNoted():
            return _noted(state, event)
        case ModeratorStandingApplied():
            return replace(state, standing=event)
        case OpinionProbabilitySet() | ModeratorAlarmRaised():
            return state
        case _:
            assert_never(event)


def _noted(state: Opinions, event: ModeratorDifferenceNoted) -> Opinions:
    noted = (*state.noted, event.judgement_id)
    if event.scores is None:
        return replace(state, noted=noted)
    runs = runs_after(state.runs, event.judgement_id, event.scores)
    return replace(state, noted=noted, scores=event.scores, runs=runs)
