"""What `attest moderation simulate` prints: figures, and what they do not promise."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from services.cli.moderation.figures import (
    delay,
    for_programs,
    of_costs,
    of_reviewers,
    percent,
)
from services.cli.moderation.plan_file import read_rules
from services.moderation.domain.rules import Rules, rules_of
from services.moderation.simulation.marking import FAULTS
from services.moderation.simulation.measuring import (
    Found,
    Measured,
    Tell,
    Trial,
    measure,
)
from services.moderation.simulation.moderators import (
    COMPARISONS,
    Seconds,
    seconds_of,
)
from services.moderation.simulation.moderators import FEW as AT_ONCE
from services.moderation.simulation.plans import policy_of
from services.moderation.simulation.policies import RESEARCH, A, G, H
from services.moderation.simulation.populations import (
    PRODUCT_MET_LEVEL,
    RESEARCH_MET_LEVEL,
    SEED,
    Volume,
)
from services.moderation.simulation.sensitivity import MILD
from shared.errors import BadInputError
from shared.programmes import load_programme

LARGEST = 10_000_000
"""Most judgements of good reviewers: what half a gigabyte holds."""
FEW = 20
"""Source: statistics.md section 5: below this nobody can promise to find drift."""


class TooManyJudgementsError(BadInputError):
    """That is more than fits into memory: take fewer reviewers or portfolios."""


class NoChartsError(BadInputError):
    """The plan has no charts (`detection`), so it flags nobody: nothing to simulate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be simulated."""

    policy: Path | None
    programme: str
    seed: int | None
    reviewers: int
    portfolios: int
    lag: int
    every: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, and how much stands behind it."""

    volume: Volume
    seed: int
    measured: tuple[Measured, ...]
    seconds: Seconds | None
    """Of the wanted plan; None where it draws no second opinions."""

    def text(self) -> str:
        """Return it as tables for people."""
        volume = self.volume
        heading = (
            f"{volume.portfolios} portfolios per reviewer; {volume.faulty:,} reviewers"
            f" with each fault and {volume.good:,} good ones; seed {self.seed}."
        )
        tables = (
            of_reviewers(title, names, self.measured, cell)
            for title, names, cell in _TABLES
        )
        notes = "\n".join(self._notes())
        return "\n\n".join((heading, of_costs(self.measured), *tables, notes))

    def for_programs(self) -> str:
        """Return it as one JSON object."""
        report = {
            "seed": self.seed,
            "portfolios": self.volume.portfolios,
            "lag": self.volume.lag,
            "faulty_reviewers": self.volume.faulty,
            "good_reviewers": self.volume.good,
            "plans": [for_programs(each) for each in self.measured],
            "moderators": asdict(self.seconds) if self.seconds else None,
            "notes": list(self._notes()),
        }
        return json.dumps(report)

    def _notes(self) -> Iterator[str]:
        count = self.volume.portfolios
        yield (
            f"{count} judgements per reviewer are fewer than {FEW}: nobody who does not"
            " moderate most of them can promise to find drift."
            if count < FEW
            else f"With fewer than {FEW} judgements per reviewer nobody who does not"
            f" moderate most of them can promise to find drift: --portfolios {FEW - 5}."
        )
        yield (
            "The reviewers are made up: compare plans with each other. How much is"
            " found in a real cohort depends on how much its reviewers differ."
        )
        yield (
            f"Each judgement is moderated when {self.volume.lag} more are completed."
            if self.volume.lag
            else "Each judgement is moderated before the next is drawn. Where"
            " moderation lags behind, less is found, and later: see --lag 10."
        )
        yield (
            "Doubts about authenticity are as frequent here as about any criterion;"
            " where they are rare, a plan that has them all moderated costs less."
        )
        if self.seconds is not None:
            yield _of_moderators(self.seconds)


def _of_moderators(seconds: Seconds) -> str:
    return (
        "Second opinions, judgements of good reviewers: of 100 that are moderated a"
        f" second moderator judges {100 * seconds.disputed:.1f} because the first"
        f" differs, and {100 * seconds.drawn:.1f} that are drawn. Of moderators who"
        f" mark well {percent(seconds.false_flags)} are flagged in {COMPARISONS}"
        f" comparisons; of harsh ones {percent(seconds.harsh_found)} in {AT_ONCE}."
    )


_TABLES: tuple[tuple[str, tuple[str, ...], Callable[[Found], str]], ...] = (
    (
        "Power: reviewers with a fault who are flagged",
        tuple(FAULTS),
        lambda found: percent(found.power),
    ),
    (
        "Median delay: portfolios from the beginning of the fault to the flag",
        tuple(FAULTS),
        delay,
    ),
    (
        "Wrong decisions escaping: not moderated up to the flag, by reviewer",
        tuple(FAULTS),
        lambda found: f"{found.escaped:.1f}",
    ),
    (
        "False flags: reviewers who differ too little for one to be wanted",
        tuple(MILD),
        lambda found: percent(found.power),
    ),
)


def simulated(wanted: Wanted, tell: Tell) -> Report:
    """Return what the plans find and cost; the same seed gives the same report.

    Raises:
        UnusablePlanError: the file says what no plan can.
        UnknownProgrammeError: there is no such programme.
        NoChartsError: its plan flags nobody.
        TooManyJudgementsError: for one process.
    """
    volume = Volume(
        portfolios=wanted.portfolios, faulty=wanted.reviewers, lag=wanted.lag
    )
    if volume.good * volume.portfolios > LARGEST:
        raise TooManyJudgementsError(
            judgements=volume.good * volume.portfolios, most=LARGEST
        )
    seed = SEED if wanted.seed is None else wanted.seed
    trials = tuple(_trials(wanted))
    markings = {**FAULTS, **MILD}
    measured = measure(trials, volume, seed=seed, markings=markings, tell=tell)
    rules, _ = _rules(wanted)
    seconds = seconds_of(
        rules,
        met_level=PRODUCT_MET_LEVEL,
        moderators=wanted.reviewers,
        seed=seed,
    )
    return Report(volume, seed, measured, seconds)


def _trials(wanted: Wanted) -> Iterator[Trial]:
    """Yield plans to compare: with the rule of the research, then with the product's.

    The charts of the wanted plan are tried as they are where they belong.
    """
    rules, name = _rules(wanted)
    if rules.detection is None:
        raise NoChartsError
    for met_level in (RESEARCH_MET_LEVEL, PRODUCT_MET_LEVEL):
        is_research = met_level == RESEARCH_MET_LEVEL
        others = RESEARCH if wanted.every and is_research else (A, G, H)
        for policy in others:
            yield Trial(policy=policy, met_level=met_level)
        yield Trial(
            policy=policy_of(rules, name, met_level=met_level),
            met_level=met_level,
            detection=None if is_research else rules.detection,
        )


def _rules(wanted: Wanted) -> tuple[Rules, str]:
    if wanted.policy is not None:
        return read_rules(wanted.policy), f"plan in {wanted.policy.name}"
    sampling = load_programme(wanted.programme).policy.sampling
    return rules_of(sampling), f"plan of {wanted.programme}"
