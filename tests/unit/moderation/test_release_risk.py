"""The rule that releases a cohort keeps the risk it promises."""

from itertools import combinations
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.moderation.domain.release_risk import (
    ImpossibleSampleError,
    discovery_size,
    evidence,
    may_release,
    needed_without_errors,
)

TEN_PERCENT, FIVE_PERCENT = 100_000, 50_000


class TestSampleSizes:
    """Source: statistics.md 2.8, alpha = .05, no errors found."""

    @pytest.mark.parametrize(
        ("population", "tolerated_ppm", "martingale", "fixed"),
        [
            (50, TEN_PERCENT, 24, 22),
            (100, TEN_PERCENT, 28, 25),
            (200, TEN_PERCENT, 30, 27),
            (500, TEN_PERCENT, 32, 28),
            (200, FIVE_PERCENT, 55, 51),
            (500, FIVE_PERCENT, 60, 56),
        ],
    )
    def test_are_the_published_ones(
        self, population: int, tolerated_ppm: int, martingale: int, fixed: int
    ) -> None:
        rule = {"tolerated_ppm": tolerated_ppm, "alpha_ppm": FIVE_PERCENT}
        assert needed_without_errors(population, **rule) == martingale
        assert discovery_size(population, **rule) == fixed

    def test_are_the_whole_population_where_one_error_is_too_many(self) -> None:
        rule = {"tolerated_ppm": 1, "alpha_ppm": 10_000}
        assert needed_without_errors(20, **rule) == 20
        assert discovery_size(20, **rule) == 20


class TestSize:
    """A release at exactly the tolerated rate happens at most with chance alpha."""

    @pytest.mark.parametrize("wrong", [2, 3, 4])
    def test_holds_exactly_over_every_order_of_a_small_cohort(self, wrong: int) -> None:
        population, alpha_ppm = 14, 200_000
        released = sum(
            _releases(
                [place not in places for place in range(population)],
                tolerated_ppm=wrong * 1_000_000 // population,
                alpha_ppm=alpha_ppm,
            )
            for places in combinations(range(population), wrong)
        )
        assert released > 0
        assert released * 1_000_000 <= alpha_ppm * comb(population, wrong)

    @pytest.mark.parametrize("population", [50, 100, 200])
    def test_holds_in_simulated_cohorts(self, population: int) -> None:
        draws, rounds = np.random.Generator(np.random.Philox(20261121)), 1000
        wrong = population // 10
        released = 0
        for _ in range(rounds):
            order = draws.permutation(population) >= wrong
            last_wrong = int(np.flatnonzero(~order)[-1])
            released += may_release(
                order[:last_wrong].tolist(),
                population=population,
                tolerated_ppm=TEN_PERCENT,
                alpha_ppm=FIVE_PERCENT,
            )
        assert 0 < released / rounds <= 0.05 + 2 * sqrt(0.05 * 0.95 / rounds)


class TestMean:
    """What the null leaves for the rest decides where nothing else can."""

    def test_below_zero_is_certain(self) -> None:
        found = evidence([True] * 10, population=11, tolerated_ppm=181_818)
        assert found.intolerable == 2
        assert found.risk_ppm == 0

    def test_of_zero_is_no_certainty_yet(self) -> None:
        correct = [False, *[True] * 8]
        found = evidence(correct, population=10, tolerated_ppm=200_000)
        assert found.risk_ppm > 0

    def test_of_zero_becomes_certain_by_one_more_correct_decision(self) -> None:
        correct = [False, *[True] * 9]
        found = evidence(correct, population=10, tolerated_ppm=200_000)
        assert found.risk_ppm == 0

    def test_of_zero_says_nothing_for_a_wrong_decision(self) -> None:
        correct = [*[True] * 9, False]
        found = evidence(correct, population=10, tolerated_ppm=TEN_PERCENT)
        assert found.risk_ppm == 1_000_000

    def test_of_one_or_more_forbids_a_release_for_good(self) -> None:
        correct = [*[True] * 30, *[False] * 10]
        at_first = evidence(correct[:30], population=100, tolerated_ppm=TEN_PERCENT)
        at_last = evidence(correct, population=100, tolerated_ppm=TEN_PERCENT)
        assert at_first.risk_ppm < FIVE_PERCENT
        assert at_last.risk_ppm == 1_000_000


class TestEvidence:
    @given(
        correct=st.lists(st.booleans(), max_size=40),
        tolerated_ppm=st.integers(1, 1_000_000),
        more=st.integers(0, 20),
    )
    def test_never_says_that_a_cohort_seen_as_bad_may_go(
        self, correct: list[bool], tolerated_ppm: int, more: int
    ) -> None:
        population = max(1, len(correct) + more)
        found = evidence(correct, population=population, tolerated_ppm=tolerated_ppm)
        assert 0 <= found.risk_ppm <= 1_000_000
        if found.wrong >= found.intolerable:
            assert found.risk_ppm == 1_000_000

    @given(correct=st.lists(st.booleans(), min_size=1, max_size=40))
    def test_of_everybody_decides_for_certain(self, correct: list[bool]) -> None:
        found = evidence(correct, population=len(correct), tolerated_ppm=150_000)
        is_good = found.wrong < found.intolerable
        assert found.risk_ppm == (0 if is_good else 1_000_000)

    def test_of_nothing_is_no_evidence(self) -> None:
        found = evidence([], population=100, tolerated_ppm=TEN_PERCENT)
        assert (found.checked, found.risk_ppm) == (0, 1_000_000)

    def test_needs_more_decisions_after_an_error(self) -> None:
        rule = {"population": 200, "tolerated_ppm": TEN_PERCENT}
        clear = evidence([True] * 30, **rule)
        marred = evidence([True] * 10 + [False] + [True] * 19, **rule)
        assert clear.risk_ppm <= FIVE_PERCENT < marred.risk_ppm


class TestWrongUse:
    @pytest.mark.parametrize(
        ("checked", "population", "tolerated_ppm"),
        [(3, 2, 100), (0, 0, 100), (1, 2, 0), (1, 2, 1_000_001)],
    )
    def test_is_refused(
        self, checked: int, population: int, tolerated_ppm: int
    ) -> None:
        with pytest.raises(ImpossibleSampleError):
            evidence(
                [True] * checked, population=population, tolerated_ppm=tolerated_ppm
            )

    def test_of_alpha_is_refused(self) -> None:
        with pytest.raises(ImpossibleSampleError):
            may_release([], population=1, tolerated_ppm=1, alpha_ppm=0)


def _releases(correct: list[bool], *, tolerated_ppm: int, alpha_ppm: int) -> bool:
    """Tell whether any look at the growing sample would have released the cohort."""
    population = len(correct)
    looks = range(population + 1)
    return any(
        may_release(
            correct[:look],
            population=population,
            tolerated_ppm=tolerated_ppm,
            alpha_ppm=alpha_ppm,
        )
        for look in looks
    )
