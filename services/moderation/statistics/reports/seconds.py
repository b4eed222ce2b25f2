"""What the log says of second opinions: how likely, drawn or not, and the charts."""

from dataclasses import dataclass, field
from uuid import UUID

from services.moderation.domain.draw.events import AlarmRaised, DifferenceNoted
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)
from services.moderation.statistics.reports.charted import Change, Charts, Point
from shared.carrying import carry


@dataclass(slots=True)
class Seconds:
    """Draws of second opinions by judgement, charts by stream; grown by `see`."""

    chances: dict[UUID, int] = field(default_factory=dict)
    """Probability in parts per million."""
    drawn: set[UUID] = field(default_factory=set)
    """Judgements for which a second moderator was drawn."""
    charts: Charts = field(default_factory=Charts)

    def see(self, stream: str, fact: OpinionEvent) -> None:
        """Take the next fact about a moderator into account."""
        match fact:
            case OpinionProbabilitySet():
                self.chances[fact.judgement_id] = fact.probability_ppm
            case OpinionDrawn(selected=True):
                self.drawn.add(fact.judgement_id)
            case OpinionDrawn():
                pass
            case _:
                self._chart(stream, fact)

    def _chart(
        self,
        stream: str,
        fact: ModeratorDifferenceNoted
        | ModeratorAlarmRaised
        | ModeratorStandingApplied,
    ) -> None:
        points = self.charts.points.setdefault(stream, [])
        match fact:
            case ModeratorDifferenceNoted(outcome_differs=differs):
                points.append(Point(carry(fact, DifferenceNoted, overturned=differs)))
            case ModeratorAlarmRaised():
                self.charts.see(stream, carry(fact, AlarmRaised))
            case ModeratorStandingApplied(standing=standing):
                changes = self.charts.changes.setdefault(stream, [])
                changes.append(Change(len(points), standing))
