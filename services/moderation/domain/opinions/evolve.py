"""How facts add up to the second opinions about one moderator in one cohort."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
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
    charts_from: datetime | None = None
    """What was judged before moves no chart: a pause ended then."""

    def begins_anew(self, charts_from: datetime | None) -> bool:
        """Tell whether charts begin anew after a pause that ended then.

        They do with the first that is drawn or compared afterwards.
        """
        if charts_from is None or charts_from == self.charts_from:
            return False
        return self.standing is None or self.standing.occurred_at < charts_from

    def precedes_charts(self, judged_at: datetime) -> bool:
        """Tell whether what was judged then moves no chart any more."""
        return self.charts_from is not None and judged_at < self.charts_from


INITIAL = Opinions()


def evolve(state: Opinions, event: OpinionEvent) -> Opinions:
    """Return *state* as it is after *event*."""
    match event:
        case OpinionDrawn(judgement_id=judgement_id, selected=selected):
            return replace(state, drawn={**state.drawn, judgement_id: selected})
        case ModeratorDifferenceNoted():
            return _noted(state, event)
        case ModeratorStandingApplied():
            return _applied(state, event)
        case OpinionProbabilitySet() | ModeratorAlarmRaised():
            return state
        case _:
            assert_never(event)


def _applied(state: Opinions, event: ModeratorStandingApplied) -> Opinions:
    after = replace(state, standing=event)
    if event.charts_from is None:
        return after
    return replace(after, charts_from=event.charts_from, scores=NO_SCORES, runs={})


def _noted(state: Opinions, event: ModeratorDifferenceNoted) -> Opinions:
    noted = (*state.noted, event.judgement_id)
    if event.scores is None or event.precedes_probation:
        return replace(state, noted=noted)
    runs = runs_after(state.runs, event.judgement_id, event.scores)
    return replace(state, noted=noted, scores=event.scores, runs=runs)
