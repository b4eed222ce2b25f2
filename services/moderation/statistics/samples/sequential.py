"""Plans that look after every judgement: Wald's test, BRAVO, and Dodge's CSP-1."""

from dataclasses import dataclass
from math import log

import numpy as np

from services.moderation.statistics.estimates import UNDEFINED, Array

_LONGEST_TEST = 5_000
"""Judgements after which a sequential test has ended for all that matters."""


@dataclass(frozen=True, slots=True)
class Sprt:
    """Wald's lines: accept at errors <= slope n - low, reject at >= slope n + high."""

    low: float
    high: float
    slope: float


@dataclass(frozen=True, slots=True)
class Course:
    """How a sequential test ends at one share of errors."""

    chance_of_rejection: float
    mean_size: float


def sprt(good: float, bad: float, *, alpha: float, beta: float) -> Sprt:
    """Return the test of *good* against *bad* shares of errors with its two risks.

    k = ln(p2 (1-p1) / (p1 (1-p2))), h1 = ln((1-a)/b) / k, h2 = ln((1-b)/a) / k, s =
    ln((1-p1) / (1-p2)) / k. Source: Wald 1947.
    """
    odds = log(bad * (1 - good) / (good * (1 - bad)))
    return Sprt(
        low=log((1 - alpha) / beta) / odds,
        high=log((1 - beta) / alpha) / odds,
        slope=log((1 - good) / (1 - bad)) / odds,
    )


def course_of(test: Sprt, share: float) -> Course:
    """Return how *test* ends where *share* of judgements is wrong, exactly."""
    undecided: Array = np.ones(1)
    rejected = mean = 0.0
    for size in range(1, _LONGEST_TEST):
        mean += undecided.sum()
        grown = np.zeros(len(undecided) + 1)
        grown[:-1] += undecided * (1 - share)
        grown[1:] += undecided * share
        errors = np.arange(len(grown))
        is_rejected = errors >= test.slope * size + test.high
        is_accepted = errors <= test.slope * size - test.low
        rejected += grown[is_rejected].sum()
        undecided = np.where(is_rejected | is_accepted, 0.0, grown)
        if undecided.sum() < UNDEFINED:
            break
    return Course(chance_of_rejection=float(rejected), mean_size=float(mean))


def bravo_mean_size(share_right: float, *, risk: float) -> float:
    """Return how many BRAVO looks at on average before it confirms a majority.

    (ln(1/a) + z_w/2) / (p_w z_w + p_l z_l), z_w = ln(2 p_w), z_l = ln(2 p_l). Source:
    Lindeman, Stark and Yates 2012. *share_right* above 1/2.
    """
    wrong = 1 - share_right
    won, lost = log(2 * share_right), log(2 * wrong)
    return (log(1 / risk) + won / 2) / (share_right * won + wrong * lost)


@dataclass(frozen=True, slots=True)
class Csp1:
    """Dodge's plan: all until *clear* in a row are right, then the *fraction*.

    u = (1 - q^i) / (p q^i), v = 1 / (f p), fraction inspected (u + f v) / (u + v),
    average outgoing share p (1 - fraction inspected). Source: Dodge 1943.
    """

    clear: int
    fraction: float

    def inspected(self, share: float) -> float:
        """Return the share of judgements looked at when *share* of them are wrong."""
        passed = (1 - share) ** self.clear
        if passed == 0.0:
            return 1.0
        u = (1 - passed) / (share * passed)
        v = 1 / (self.fraction * share)
        return (u + self.fraction * v) / (u + v)

    def outgoing(self, share: float) -> float:
        """Return the share of all judgements that are wrong and stay so."""
        return share * (1 - self.inspected(share))

    def worst(self) -> tuple[float, float]:
        """Return the largest outgoing share there can be (AOQL), and where it is."""
        low, high = 1e-9, 1 - 1e-9
        for _ in range(200):
            left, right = low + (high - low) / 3, high - (high - low) / 3
            if self.outgoing(left) < self.outgoing(right):
                low = left
            else:
                high = right
        return self.outgoing(low), low


def csp1_for(most_outgoing: float, *, fraction: float) -> int:
    """Return how many in a row must be right so that no more goes out wrong."""
    clear = 1
    while Csp1(clear, fraction).worst()[0] > most_outgoing:
        clear += 1
    return clear
