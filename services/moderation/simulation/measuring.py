"""How many faulty reviewers a plan finds, how soon, and what it costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.moderation.domain.detection import Detection
from services.moderation.simulation.calibrating import calibrated, points_of
from services.moderation.simulation.following import NEVER, Followed, follow
from services.moderation.simulation.marking import FAULTS, GOOD, Marking
from services.moderation.simulation.policies import Policy
from services.moderation.simulation.populations import SEED, Source, Volume

HALF = 0.5
_UNSEEN = 10**9

Tell = Callable[[int, int], None]
"""Is told how many steps are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A plan to be tried."""

    policy: Policy
    met_level: int
    """Level that each criterion must reach for CM."""
    detection: Detection | None = None
    """Charts as a plan has them; None: calibrated to the volume of the trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of reviewers who mark alike."""

    power: float
    """Share who raised an alarm once the fault was there."""
    median_delay: int | None
    """Portfolios from the fault's beginning to the alarm; None: half raise none."""
    moderated: float
    """Judgements moderated up to the alarm, per reviewer; seeds are not among them."""
    escaped: float
    """Wrong outcomes that nobody moderated up to the alarm, per reviewer."""
    seeded: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One plan, measured."""

    trial: Trial
    detection: Detection
    """The charts and alarms it was measured with."""
    portfolios: int
    good: Found
    """Of reviewers who mark well: its power is the share of false flags."""
    faults: Mapping[str, Found]

    @property
    def moderated_per_100(self) -> float:
        """Moderated judgements in a hundred of a good reviewer."""
        return 100 * self.good.moderated / self.portfolios

    @property
    def seeds_per_100(self) -> float:
        """Seeds beside a hundred judgements of a good reviewer."""
        return 100 * self.good.seeded / self.portfolios


def measure(
    trials: Sequence[Trial],
    volume: Volume,
    *,
    seed: int = SEED,
    markings: Mapping[str, Marking] = FAULTS,
    tell: Tell = lambda _, __: None,
) -> tuple[Measured, ...]:
    """Return what each trial finds of *markings* and costs, in the order given.

    All are tried on the same reviewers.
    """
    total = len(markings) + 2
    steps = iter(range(1, total + 1))
    met_levels = tuple(sorted({trial.met_level for trial in trials}))
    bench = _Bench(
        Source(portfolios=volume.portfolios, met_levels=met_levels, seed=seed),
        volume,
        step=lambda: tell(next(steps), total),
    )
    detections = bench.detections(trials)
    good = bench.found(GOOD, volume.good, detections)
    faults = {
        name: bench.found(marking, volume.faulty, detections)
        for name, marking in markings.items()
    }
    return tuple(
        Measured(
            trial=trial,
            detection=detections[trial],
            portfolios=volume.portfolios,
            good=good[trial],
            faults={name: found[trial] for name, found in faults.items()},
        )
        for trial in trials
    )


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where trials meet the same reviewers."""

    source: Source
    volume: Volume
    step: Callable[[], None]

    def detections(self, trials: Sequence[Trial]) -> dict[Trial, Detection]:
        """Return the charts of each trial, calibrated where it brings none."""
        good = self.source.reviewers(GOOD, self.volume.good, "calibrating")
        starts = {level: points_of(each.judgements) for level, each in good.items()}
        found = {}
        for trial in trials:
            level = trial.met_level
            found[trial] = trial.detection or calibrated(
                trial.policy, starts[level], good[level], lag=self.volume.lag
            )
        self.step()
        return found

    def found(
        self, marking: Marking, count: int, detections: Mapping[Trial, Detection]
    ) -> dict[Trial, Found]:
        """Return what each trial makes of *count* reviewers who mark so."""
        reviewers = self.source.reviewers(marking, count, "measuring")
        begins = self.volume.portfolios // 2 if marking.drifts else 0
        found = {}
        for trial, detection in detections.items():
            seen, lag = reviewers[trial.met_level], self.volume.lag
            followed = follow(trial.policy, detection, seen, lag=lag)
            found[trial] = summary(followed, begins)
        self.step()
        return found


def summary(followed: Followed, begins: int) -> Found:
    """Return what became of these reviewers, whose fault *begins* at that portfolio."""
    is_found = (followed.flagged_at != NEVER) & (followed.flagged_at >= begins)
    power = float(is_found.mean())
    delays = np.where(is_found, followed.flagged_at - begins + 1, _UNSEEN)
    return Found(
        power=power,
        median_delay=int(np.median(delays)) if power > HALF else None,
        moderated=float(followed.moderated.mean()),
        escaped=float(followed.escaped.mean()),
        seeded=float(followed.seeded.mean()),
    )
