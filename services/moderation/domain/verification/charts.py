"""A reviewer's charts, computed a second time; see the package."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
)
from services.moderation.domain.draw.seeded import SeedJudged
from services.moderation.domain.verification.seeds import CLOCK_TOLERANCE
from shared.contracts.programme import Detection

_NAMES = ("harsh", "lenient", "erratic", "overturns")
_ALARMS = (*_NAMES, "seeds")
"""The last is no chart's: too many seeds out of tolerance."""


@dataclass(slots=True)
class Charts:
    """Where the charts stand, and the alarms that must be recorded next."""

    detection: Detection | None
    scores: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    runs: list[list[object]] = field(default_factory=lambda: [[], [], [], []])
    noted: set[object] = field(default_factory=set)
    due: list[int] = field(default_factory=list)
    of_seeds: list[object] = field(default_factory=list)
    """What an alarm of seeds must rest on."""
    since: datetime | None = None
    """What was judged before moves nothing: a pause ended then."""

    @property
    def are_at_nought(self) -> bool:
        """True while none of them says anything."""
        return not any(self.scores)

    @property
    def risk_ppm(self) -> int:
        """The largest score as a share of its alarm."""
        pairs = zip(self.scores, self._alarms(), strict=True)
        return max(score * 1_000_000 // alarm for score, alarm in pairs)

    def adaptive_ppm(self, block_ppm: int) -> int:
        """Return what the charts ask for; 0 without charts."""
        if self.detection is None:
            return 0
        low = self.detection.escalates_from_ppm
        high = self.detection.escalates_fully_ppm
        risk = sorted((low, self.risk_ppm, high))[1]
        return block_ppm + (1_000_000 - block_ppm) * (risk - low) // (high - low)

    def begin_anew(self, since: datetime, told_at: datetime) -> Iterator[str]:
        """Set all back after a pause that ended *since*; yield what is wrong."""
        is_repeated = self.since is not None and since <= self.since
        if is_repeated or since > told_at + CLOCK_TOLERANCE:
            yield "the charts begin anew when no pause ended"
        self.since = since
        self.scores, self.runs = [0, 0, 0, 0], [[], [], [], []]

    def check_age(
        self, fact: DifferenceNoted | SeedJudged, made: Iterable[datetime]
    ) -> Iterator[str]:
        """Yield whether a difference counts that is too old, or the other way round.

        The reviewer judged at one of the times *made*, or between them.
        """
        ages = {self.since is not None and each < self.since for each in made}
        if ages and fact.precedes_probation not in ages:
            where = "left out of" if fact.precedes_probation else "too old for"
            yield f"judgement {fact.judgement_id}: {where} the charts"

    def note_seed(
        self, fact: SeedJudged, alarming: tuple[object, ...]
    ) -> Iterator[str]:
        """Follow what a seed has shown; *alarming* is what must raise an alarm."""
        yield from self.note(fact)
        if alarming:
            self.of_seeds = [*alarming]
            self.due = [*self.due, len(_NAMES)]

    def pass_over(self, fact: DifferenceNoted) -> Iterator[str]:
        """Follow a difference that counts for a release alone: nothing may move."""
        told, scores = fact.scores, self.scores if self.detection else None
        found = [getattr(told, each) for each in _NAMES] if told else None
        if found != scores:
            yield f"judgement {fact.judgement_id}: its scores do not follow"

    def note(self, fact: DifferenceNoted | SeedJudged) -> Iterator[str]:
        """Follow one difference, and yield what is wrong with it."""
        name = f"judgement {fact.judgement_id}"
        if fact.judgement_id in self.noted:
            yield f"{name}: its difference is recorded twice"
        self.noted.add(fact.judgement_id)
        signed, spread = fact.level_difference, fact.absolute_difference
        if abs(signed) > spread or (signed - spread) % 2:
            yield f"{name}: no marks differ by {signed} and {spread}"
        told = fact.scores
        if (told is None) != (self.detection is None):
            yield f"{name}: its scores do not follow"
        if told is None or self.detection is None:
            return
        before, alarms = self.scores, self._alarms()
        if not fact.precedes_probation:
            self.scores = self._after(fact, self.detection)
        if [getattr(told, each) for each in _NAMES] != self.scores:
            yield f"{name}: its scores do not follow"
        new = () if fact.precedes_probation else (fact.judgement_id,)
        for run, score in zip(self.runs, self.scores, strict=True):
            run[:] = [*run, *new] if score else []
        chart = zip(range(4), before, self.scores, alarms, strict=True)
        self.due = [n for n, old, new, alarm in chart if old < alarm <= new]

    def alarmed(self, fact: AlarmRaised) -> Iterator[str]:
        """Yield what is wrong with an alarm."""
        number = self.due.pop(0) if self.due else None
        told = [getattr(fact.scores, each) for each in _NAMES]
        is_due = number is not None and fact.chart == _ALARMS[number]
        if not is_due or told != self.scores:
            yield f"alarm {fact.chart}: the scores raise none"
        elif list(fact.evidence) != [*self.runs, self.of_seeds][number or 0]:
            yield f"alarm {fact.chart}: its evidence is not what led to it"

    def missed(self) -> Iterator[str]:
        """Yield the alarms that were due and not recorded."""
        for number in self.due:
            yield f"alarm {_ALARMS[number]}: it is not recorded"
        self.due = []

    def _after(
        self, fact: DifferenceNoted | SeedJudged, detection: Detection
    ) -> list[int]:
        severity, dispersion = detection.severity, detection.dispersion
        signed = severity.points_per_level * fact.level_difference - severity.centre
        spread = dispersion.points_per_level * fact.absolute_difference
        overturns = detection.overturns
        steps = (
            -signed - severity.allowance,
            signed - severity.allowance,
            spread - dispersion.centre - dispersion.allowance,
            overturns.up if fact.overturned else -overturns.down,
        )
        pairs = zip(self.scores, steps, strict=True)
        return [max(0, score + step) for score, step in pairs]

    def _alarms(self) -> tuple[int, int, int, int]:
        if self.detection is None:
            return (1, 1, 1, 1)
        severity = self.detection.severity.alarm
        charts = (self.detection.dispersion.alarm, self.detection.overturns.alarm)
        return (severity, severity, *charts)
