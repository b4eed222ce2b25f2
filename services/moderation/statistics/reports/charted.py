"""The charts of each reviewer as the draws kept them, and what followed from them."""

from dataclasses import dataclass, field, replace

from services.moderation.domain.detection import Scores
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import SeedJudged


@dataclass(frozen=True, slots=True)
class Point:
    """One settled judgement on the charts of its reviewer."""

    noted: DifferenceNoted | SeedJudged
    alarms: tuple[str, ...] = ()
    """Charts that raised their alarm with it."""

    @property
    def scores(self) -> Scores | None:
        """Where the charts stand after it; None where the plan has none."""
        return self.noted.scores


@dataclass(frozen=True, slots=True)
class Change:
    """A standing that the reviewer has since so many points."""

    after_points: int
    standing: str


@dataclass(slots=True)
class Charts:
    """Points and changes of standing by the stream they are in; grown by `see`."""

    points: dict[str, list[Point]] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def see(
        self,
        stream: str,
        fact: DifferenceNoted | SeedJudged | AlarmRaised | StandingApplied,
    ) -> None:
        """Take the next fact of a reviewer's draws into account."""
        points = self.points.setdefault(stream, [])
        match fact:
            case DifferenceNoted(release_only=True):
                pass
            case DifferenceNoted() | SeedJudged():
                points.append(Point(fact))
            case AlarmRaised(chart=chart) if points:
                points[-1] = replace(points[-1], alarms=(*points[-1].alarms, chart))
            case StandingApplied(standing=standing):
                change = Change(len(points), standing)
                self.changes.setdefault(stream, []).append(change)
            case _:
                pass
