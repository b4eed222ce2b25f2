"""Rates and reviewers' figures hold what they promise where nothing is published."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.moderation.statistics.agreement.joint import joint_of_pairs
from services.moderation.statistics.agreement.of_pairs import PairAgreement
from services.moderation.statistics.charts.limits import exact_limits, g_chart_limit
from services.moderation.statistics.rates import (
    Picks,
    effective_number,
    hajek_mean,
    hajek_rate,
    official_rate,
    share,
)
from services.moderation.statistics.reviewers.overturns import (
    PUBLISHED,
    chance_above,
    priors_of,
    rate_of,
)
from services.moderation.statistics.reviewers.severity import (
    chance_beyond,
    severities,
)
from services.moderation.statistics.samples.fixed import NoPlanError, two_point_plan

outcomes = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=20)


class TestHajekRate:
    """Source: statistics.md 2.6."""

    @given(values=outcomes)
    def test_of_everything_is_the_plain_mean_without_an_error(
        self, values: list[float]
    ) -> None:
        found = hajek_rate(values, [1.0] * len(values))
        assert found.value == pytest.approx(np.mean(values))
        assert found.standard_error is None
        assert found.reason == "all were certain to be drawn, so the draw adds no error"

    def test_undoes_that_bad_work_was_looked_at_more(self) -> None:
        generator = np.random.Generator(np.random.Philox(7))
        truth = generator.random(4_000) < np.repeat([0.02, 0.30], [3_600, 400])
        chances = np.repeat([0.1, 1.0], [3_600, 400])
        errors, naive, covered, rounds = [], [], 0, 200
        for _ in range(rounds):
            drawn = generator.random(4_000) < chances
            found = hajek_rate(truth[drawn].tolist(), chances[drawn].tolist())
            assert found.value is not None
            assert found.interval is not None
            errors.append(found.value - truth.mean())
            naive.append(truth[drawn].mean() - truth.mean())
            covered += found.interval.low <= truth.mean() <= found.interval.high
        assert abs(np.mean(errors)) < 0.002
        assert np.mean(naive) > 0.05
        assert covered / rounds >= 0.92

    def test_covers_where_what_was_rarely_drawn_is_worse(self) -> None:
        """Two in a hundred of what was certain is wrong, eight of what was rare."""
        generator = np.random.Generator(np.random.Philox(3))
        chances = np.repeat([1.0, 0.1], [200, 200])
        covered, rounds = 0, 250
        for _ in range(rounds):
            truth = generator.random(400) < np.repeat([0.02, 0.08], [200, 200])
            drawn = generator.random(400) < chances
            interval = hajek_rate(
                truth[drawn].astype(float).tolist(), chances[drawn].tolist()
            ).interval
            assert interval is not None
            covered += interval.low <= truth.mean() <= interval.high
        assert covered / rounds >= 0.90

    def test_of_nothing_says_so(self) -> None:
        found = hajek_rate([], [])
        assert (found.value, found.reason) == (None, "nothing was moderated")


class TestEffectiveNumber:
    """Source: Korn and Graubard 1998."""

    def test_is_what_the_variance_says(self) -> None:
        assert effective_number(0.5, 0.25 / 80, kish=100) == pytest.approx(80)

    def test_is_no_more_than_the_weights_allow(self) -> None:
        assert effective_number(0.5, 0.25 / 120, kish=100) == 100
        assert effective_number(0.0, 0.0, kish=100) == 100


class TestPercentAgreement:
    def test_covers_where_what_was_rarely_drawn_disagrees(self) -> None:
        """All agree where all was drawn; of a hundred others half, one in ten drawn."""
        generator = np.random.Generator(np.random.Philox(1))
        agree = np.r_[np.ones(900), np.repeat([1, 0], 50)]
        chances = np.repeat([1.0, 0.1], [900, 100])
        covered, rounds = 0, 200
        for _ in range(rounds):
            drawn = generator.random(1_000) < chances
            pairs = [(0.0, 0.0 if each else 1.0) for each in agree[drawn]]
            joint = joint_of_pairs((0, 1), pairs, inclusion=chances[drawn].tolist())
            interval = PairAgreement(joint, seed_text="").percent().interval
            assert interval is not None
            covered += interval.low <= agree.mean() <= interval.high
        assert covered / rounds >= 0.88

    def test_has_a_posterior_as_wide(self) -> None:
        pairs = [(0.0, 0.0)] * 900 + [(0.0, 0.0), (0.0, 1.0)] * 5
        chances = [1.0] * 900 + [0.1] * 10
        found = PairAgreement(
            joint_of_pairs((0, 1), pairs, inclusion=chances), seed_text="7"
        )
        percent, drawn = found.percent(), found.weighted_percent("unweighted")
        assert found.effective < 0.5 * found.joint.effective
        assert percent.interval is not None
        assert drawn.interval is not None
        assert drawn.interval.low == pytest.approx(percent.interval.low, abs=0.01)


class TestHajekMean:
    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ([2.0], "one alone has no spread"),
            ([0.0, 0.0, 0.0], "all are alike, which shows no spread"),
        ],
    )
    def test_claims_no_error_without_a_spread(
        self, values: list[float], reason: str
    ) -> None:
        found = hajek_mean(values, [0.1] * len(values))
        assert found.value == values[0]
        assert (found.standard_error, found.interval) == (None, None)
        assert found.reason == reason

    def test_of_certain_picks_is_as_uncertain_as_their_spread(self) -> None:
        found = hajek_mean([0, 1, 2, 0, 3], [1.0] * 5)
        assert found.value == pytest.approx(1.2)
        assert found.standard_error == pytest.approx((1.7 / 5) ** 0.5)
        assert found.interval is not None
        assert found.interval.low < 0.1

    def test_of_unlike_weights_has_the_error_of_the_draws(self) -> None:
        found = hajek_mean([1, 1, 1, 1, 0, 3], [1.0] * 4 + [0.1] * 2)
        assert found.standard_error is not None
        assert found.standard_error > 0.7


class TestShare:
    def test_has_the_error_of_a_proportion(self) -> None:
        assert share(1, 5).standard_error == pytest.approx((0.16 / 5) ** 0.5)

    def test_says_why_there_is_none(self) -> None:
        found = share(5, 5)
        assert (found.value, found.standard_error) == (1, None)
        assert found.reason == "all are alike, which shows no spread"
        assert found.interval is not None


class TestOfficialRate:
    """Source: statistics.md 2.7."""

    def test_weighs_a_hidden_judgement_by_its_block(self) -> None:
        picks = [Picks(first=[1, 0, 0, 0, 0], hidden=[0, 1, 0])]
        found = official_rate(picks, block_size=10)
        assert found.value == pytest.approx((1 + 10) / 35)
        assert found.standard_error is not None

    def test_weighs_by_the_size_that_each_block_had(self) -> None:
        picks = [Picks(first=[0], hidden=[1, 0], sizes=[10, 20])]
        found = official_rate(picks, block_size=10)
        assert found.value == pytest.approx(10 / 31)

    def test_has_no_error_but_an_interval_for_a_single_block(self) -> None:
        found = official_rate([Picks(first=[0], hidden=[1])], block_size=10)
        assert found.value == pytest.approx(10 / 11)
        assert found.standard_error is None
        assert found.interval is not None
        assert found.reason == "one block alone has no spread"

    def test_has_no_error_where_neighbouring_blocks_are_alike(self) -> None:
        found = official_rate(
            [Picks(first=[1, 0, 0, 0, 0], hidden=[0, 0])], block_size=10
        )
        assert found.value == pytest.approx(0.04)
        assert found.standard_error is None
        assert found.reason is not None
        assert "alike" in found.reason
        assert found.interval is not None
        assert found.interval.high == pytest.approx(0.59, abs=0.01)

    def test_is_unbiased_and_covers_though_work_gets_worse(self) -> None:
        generator = np.random.Generator(np.random.Philox(11))
        chances = np.linspace(0.02, 0.20, 105)
        truth = generator.random((40, 105)) < chances
        errors, covered, rounds = [], 0, 200
        for _ in range(rounds):
            places = 5 + 10 * np.arange(10) + generator.integers(0, 10, (40, 10))
            picks = [
                Picks(
                    first=row[:5].astype(float), hidden=row[at].astype(float).tolist()
                )
                for row, at in zip(truth, places, strict=True)
            ]
            found = official_rate(picks, block_size=10)
            assert found.value is not None
            assert found.interval is not None
            errors.append(found.value - truth.mean())
            covered += found.interval.low <= truth.mean() <= found.interval.high
        assert abs(np.mean(errors)) < 0.003
        assert 0.92 <= covered / rounds <= 0.99

    def test_of_nothing_says_so(self) -> None:
        assert official_rate([], block_size=10).value is None


class TestPrior:
    """Source: BDA3 5.3."""

    def test_is_the_published_one_below_eight_reviewers(self) -> None:
        assert priors_of([1] * 7, [10] * 7).origin == "published"
        few = priors_of([1] * 8, [10] * 7 + [0])
        assert few.mean == pytest.approx(PUBLISHED.mean)
        assert few.correlation == pytest.approx(PUBLISHED.correlation)

    def test_is_estimated_from_eight(self) -> None:
        fitted = priors_of([0, 0, 1, 1, 2, 5, 0, 1], [20] * 8)
        assert fitted.origin == "estimated"
        assert 10 / 160 < fitted.mean < 0.10

    def test_is_not_taken_for_known_where_reviewers_look_alike(self) -> None:
        """Two overturned of forty tell little: .10 is not out of the question."""
        priors = priors_of([1, 0, 0, 0, 1, 0, 0, 0], [5] * 8)
        interval = rate_of(priors, 1, 5).interval
        assert interval is not None
        assert interval.high > 0.15
        assert chance_above(priors, 1, 5, 0.10) > 0.05

    @pytest.mark.parametrize(("overturned", "low", "high"), [(5, 0.7, 1), (0, 0, 0.3)])
    def test_is_of_use_where_all_or_none_are_overturned(
        self, overturned: int, low: float, high: float
    ) -> None:
        found = rate_of(priors_of([overturned] * 8, [5] * 8), overturned, 5)
        assert found.value is not None
        assert found.interval is not None
        assert low <= found.interval.low <= found.value <= found.interval.high <= high
        assert found.interval.high - found.interval.low > 0.05

    def test_is_narrow_where_many_judgements_are_alike(self) -> None:
        found = rate_of(priors_of([30] * 50, [400] * 50), 30, 400)
        assert found.value == pytest.approx(0.075, abs=0.002)
        assert (found.standard_error or 1) < 0.005

    @pytest.mark.parametrize(("reviewers", "cohorts"), [(10, 40), (40, 15)])
    def test_leads_to_intervals_that_cover(self, reviewers: int, cohorts: int) -> None:
        """Rates from the published prior, ten judgements of each reviewer."""
        generator = np.random.Generator(np.random.Philox(5))
        covered = 0
        for _ in range(cohorts):
            rates = generator.beta(PUBLISHED.alpha, PUBLISHED.beta, reviewers)
            found = generator.binomial(10, rates).tolist()
            priors = priors_of(found, [10] * reviewers)
            intervals = {x: rate_of(priors, x, 10).interval for x in set(found)}
            for rate, overturned in zip(rates, found, strict=True):
                interval = intervals[overturned]
                assert interval is not None
                covered += interval.low <= rate <= interval.high
        assert 0.90 <= covered / (reviewers * cohorts) <= 0.99


class TestSeverity:
    """Source: statistics.md 3.1."""

    def test_of_one_with_few_pairs_is_drawn_towards_all(self) -> None:
        generator = np.random.Generator(np.random.Philox(3))
        many = {
            str(who): generator.normal(who / 5, 0.4, 40).tolist()
            for who in range(-3, 4)
        }
        found = severities(
            {who: sure(each) for who, each in many.items()} | {"new": sure([-1.5])}
        )
        new, old = found["new"], found["-3"]
        assert new.value is not None
        assert old.value is not None
        assert -1.5 < new.value < -0.2
        assert old.value == pytest.approx(float(np.mean(many["-3"])), abs=0.05)
        assert (new.standard_error or 0) > (old.standard_error or 0)

    def test_is_certain_beyond_a_limit_that_is_far_exceeded(self) -> None:
        found = severities({"a": sure([0.1, -0.1] * 20), "b": sure([-1.1, -0.9] * 20)})
        assert chance_beyond(found["b"], 0.5) == pytest.approx(1, abs=1e-6)
        assert chance_beyond(found["a"], 0.5) == pytest.approx(0, abs=1e-6)

    def test_claims_no_error_where_pairs_of_each_are_alike(self) -> None:
        found = severities({"a": sure([0.0] * 5), "b": sure([1.0] * 5), "c": []})
        assert (found["a"].value, found["b"].value) == (0, 1)
        assert (found["b"].standard_error, found["b"].interval) == (None, None)
        reason = "pairs of each reviewer are all alike, which shows no spread"
        assert found["b"].reason == reason
        assert chance_beyond(found["b"], 0.5) is None
        assert found["c"].reason == "no pair of this reviewer"

    def test_is_not_estimable_of_one_reviewer(self) -> None:
        found = severities({"a": sure([0.1, 0.2])})["a"]
        assert found.value is None
        assert chance_beyond(found, 0.5) is None

    def test_is_not_estimable_of_one_without_pairs(self) -> None:
        found = severities({"a": sure([0.1, 0.2]), "b": sure([0.0, 0.1]), "c": []})
        assert found["c"].value is None
        assert found["a"].value is not None

    def test_counts_a_pair_for_all_that_it_stands_for(self) -> None:
        """Five first pairs, then one in ten of fifty that are a level too low."""
        drifted = [*sure([0.1, -0.1, 0.1, -0.1, 0.0]), *[(-1.0, 0.1), (-1.1, 0.1)] * 3]
        found = severities({"good": sure([0.1, -0.1] * 20), "drifted": drifted})
        value = found["drifted"].value
        assert value is not None
        assert value == pytest.approx(-63 / 65, abs=0.05)

    def test_is_the_same_whatever_the_common_probability(self) -> None:
        marks = {"a": [0.1, 0.2, -0.4], "b": [0.0, 0.1, 0.5]}
        seen_all, seen_some = (
            severities(
                {who: [(d, chance) for d in each] for who, each in marks.items()}
            )
            for chance in (1.0, 0.3)
        )
        assert seen_all == seen_some


def sure(differences: Sequence[float]) -> list[tuple[float, float]]:
    """Return pairs that were certain to be drawn."""
    return [(each, 1.0) for each in differences]


class TestLimits:
    """Source: statistics.md 3.3."""

    @pytest.mark.parametrize(("share", "limit"), [(0.05, 129), (0.10, 63)])
    def test_of_judgements_between_overturns_are_exact(
        self, share: float, limit: int
    ) -> None:
        assert g_chart_limit(share) == limit

    def test_of_small_samples_are_binomial(self) -> None:
        limits = exact_limits(0.1, 10)
        assert limits.low == 0
        assert limits.high == 0.5


def test_a_plan_that_nothing_keeps_is_refused() -> None:
    with pytest.raises(NoPlanError):
        two_point_plan(0.05, 0.05, least_chance=0.999, most_chance=0.001, population=50)
