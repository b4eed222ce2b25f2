"""What a policy draws of many reviewers, judgement by judgement, and whom it flags.

What moderation shows of a judgement moves the charts before the next is drawn, or, with
a lag, when so many more are completed. A flagged reviewer leaves the count: the product
then holds their work and has all of it moderated.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from services.moderation.domain.detection import Detection
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.chances import Chances, Whole
from services.moderation.simulation.charts import Charts, Shown
from services.moderation.simulation.marking import Flags, Judgements
from services.moderation.simulation.policies import Policy

NEVER = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Reviewers who all mark alike, and the luck of their draws."""

    judgements: Judgements
    seeds: Judgements | None
    """What the same reviewers make of cases with definitive marks, if any."""
    chances: Chances


@dataclass(slots=True)
class Followed:
    """What came of it, a column per reviewer."""

    flagged_at: Whole
    """Number of the judgement that raised the alarm, from 0, or `NEVER`."""
    moderated: Whole
    """How many judgements were moderated up to the alarm."""
    escaped: Whole
    """How many wrong outcomes were not moderated up to the alarm."""
    seeded: Whole
    probability_ppm: list[Whole] = field(default_factory=list)
    """A row per judgement, as the next two, when all were followed to the end."""
    selected: list[Flags] = field(default_factory=list)
    picked: list[Flags] = field(default_factory=list)
    """Which of them stand at the hidden place of a block."""


def follow(
    policy: Policy,
    detection: Detection,
    simulated: Simulated,
    *,
    lag: int = 0,
    to_the_end: bool = False,
) -> Followed:
    """Return what *policy* does with *simulated*.

    Each judgement is moderated when *lag* more are completed. With *to_the_end*, what
    follows an alarm is moderated to the last judgement.
    """
    judgements = simulated.judgements
    walk = _Walk(policy, detection, simulated, lag)
    for number in range(judgements.portfolios):
        walk.step(number, to_the_end=to_the_end)
    walk.catch_up()
    return walk.found


class _Walk:
    """All reviewers side by side at the same judgement."""

    def __init__(
        self, policy: Policy, detection: Detection, simulated: Simulated, lag: int
    ) -> None:
        self._policy = policy
        self._simulated = simulated
        self._lag = lag
        self._unmoderated = deque[tuple[int, Flags]]()
        count = simulated.judgements.reviewers
        self._charts = Charts(count, detection, only_overturns=policy.only_overturns)
        self._risk_ppm = self._charts.risk_ppm()
        self._clear: Whole = np.zeros(count, np.int64)
        self.found = Followed(
            flagged_at=np.full(count, NEVER, np.int64),
            moderated=np.zeros(count, np.int64),
            escaped=np.zeros(count, np.int64),
            seeded=np.zeros(count, np.int64),
        )

    def step(self, number: int, *, to_the_end: bool) -> None:
        found, judgements = self.found, self._simulated.judgements
        is_flagged = found.flagged_at != NEVER
        probability_ppm = self._probability_ppm(number)
        if to_the_end:
            probability_ppm[is_flagged] = PARTS_PER_MILLION
        picked, selected = self._drawn(number, probability_ppm)
        if to_the_end:
            found.probability_ppm.append(probability_ppm)
            found.picked.append(picked)
            found.selected.append(selected)
        else:
            selected &= ~is_flagged
        found.moderated += selected
        found.escaped += judgements.is_wrong[number] & ~selected & ~is_flagged
        self._unmoderated.append((number, selected))
        seen = self._moderate(number - self._lag) | self._seed(number, ~is_flagged)
        self._flag(seen, number)

    def catch_up(self) -> None:
        """Moderate what is left when everything is judged: nothing is released before.

        An alarm then counts as raised at the last judgement.
        """
        for number, _ in tuple(self._unmoderated):
            self._flag(
                self._moderate(number), self._simulated.judgements.portfolios - 1
            )

    def _flag(self, seen: Flags, number: int) -> None:
        """Flag those of whom something was *seen* and whose charts raise an alarm."""
        self._risk_ppm = self._charts.risk_ppm()
        is_flagged = self.found.flagged_at != NEVER
        alarm = seen & ~is_flagged & (self._risk_ppm >= PARTS_PER_MILLION)
        self.found.flagged_at[alarm] = number

    def _moderate(self, last: int) -> Flags:
        """Take in what is moderated by now, and return of whom there was anything."""
        judgements = self._simulated.judgements
        seen = np.zeros(judgements.reviewers, np.bool_)
        while self._unmoderated and self._unmoderated[0][0] <= last:
            number, selected = self._unmoderated.popleft()
            self._charts.add(shown(judgements, number), selected)
            clear = np.where(judgements.is_wrong[number], 0, self._clear + 1)
            np.copyto(self._clear, clear, where=selected)
            seen |= selected
        return seen

    def _probability_ppm(self, number: int) -> Whole:
        policy, judgements = self._policy, self._simulated.judgements
        if number < policy.first_judgements:
            return np.full(judgements.reviewers, PARTS_PER_MILLION, np.int64)
        floor = np.full(judgements.reviewers, policy.floor_ppm, np.int64)
        if policy.clear_run:
            floor[self._clear < policy.clear_run] = PARTS_PER_MILLION
        if policy.escalation:
            asked = self._charts.escalated_ppm(self._risk_ppm, policy.floor_ppm)
            floor = np.maximum(floor, asked)
        if policy.floors_ppm:
            by_kind = np.array(policy.floors_ppm, np.int64)
            floor = np.maximum(floor, by_kind[judgements.kind[number]])
        return floor

    def _drawn(self, number: int, probability_ppm: Whole) -> tuple[Flags, Flags]:
        policy, luck = self._policy, self._simulated.chances
        if policy.block_size is None:
            drawn = luck.drawn(number, probability_ppm)
            return np.zeros_like(drawn), drawn
        size = policy.block_size
        picked = luck.picks(number, policy.first_judgements, size)
        return picked, picked | luck.drawn_beside_a_pick(number, probability_ppm, size)

    def _seed(self, number: int, active: Flags) -> Flags:
        """Return who was shown a seed, and take in what they made of it."""
        rate_ppm, seeds = self._policy.seeds_ppm, self._simulated.seeds
        if not rate_ppm:
            return np.zeros_like(active)
        if seeds is None:
            message = f"{self._policy.name}: these reviewers mark no seeds"
            raise ValueError(message)
        seeded = self._simulated.chances.seeded(number, rate_ppm) & active
        self.found.seeded += seeded
        self._charts.add(shown(seeds, number), seeded)
        return seeded


def shown(judgements: Judgements, number: int) -> Shown:
    """Return what judgement *number* of each would show."""
    return Shown(
        level_difference=judgements.level_difference[number],
        absolute_difference=judgements.absolute_difference[number],
        is_wrong=judgements.is_wrong[number],
    )
