"""Agreement says what it means also where other engines stumble."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.moderation.statistics.agreement import of_raters
from services.moderation.statistics.agreement.joint import (
    Joint,
    joint_of_pairs,
    joint_of_table,
)
from services.moderation.statistics.agreement.krippendorff import METRICS
from services.moderation.statistics.agreement.of_pairs import (
    ONE_MARK,
    PairAgreement,
    everything,
)
from services.moderation.statistics.agreement.of_raters import RatersAgreement
from services.moderation.statistics.agreement.weights import WEIGHTINGS
from services.moderation.statistics.estimates import Array, Estimate
from services.moderation.statistics.plain import plain
from tests.unit.moderation.statistics.published import check

SCALE = (1, 2, 3, 4)
marks = st.sampled_from(SCALE)
pairs_lists = st.lists(st.tuples(marks, marks), min_size=2, max_size=30)


class TestTraps:
    """Source: statistics.md 1.5."""

    def test_gwets_ordinal_weights_are_not_krippendorffs_ordinal_metric(self) -> None:
        entry = check("gwet2014_raw4raters_weighted")
        agreement = RatersAgreement(range(1, 6), entry.data["rows_are_units"])
        ordinal = agreement.alpha("ordinal").value
        assert ordinal == pytest.approx(
            entry.expected["alpha_krippendorff_ordinal"], abs=1e-6
        )
        assert ordinal != pytest.approx(
            entry.expected["alpha_irrCAC_ordinal"], abs=0.01
        )

    def test_kappa_is_not_estimable_where_everybody_gave_one_mark(self) -> None:
        agreement = of_table([[20, 0], [0, 0]])
        kappa = agreement.coefficient("cohen_kappa", "unweighted")
        assert (kappa.value, kappa.reason) == (None, ONE_MARK)
        assert agreement.alpha("nominal").value is None
        percent = agreement.percent()
        assert percent.value == 1
        assert percent.interval is not None
        assert percent.interval.low == pytest.approx(0.8389, abs=1e-4)

    @pytest.mark.parametrize(
        ("table", "prevalence", "bias"),
        [
            ("2rater/feinstein_cicchetti_1990_B", 0.75, 0.05),
            ("2rater/gwet_high_prevalence", 118 / 125, 3 / 125),
        ],
    )
    def test_a_gap_of_ac1_over_kappa_is_explained(
        self, table: str, prevalence: float, bias: float
    ) -> None:
        agreement = of_table(check(table).data["table"])
        paradox = agreement.paradox()
        assert paradox.is_flagged
        assert paradox.reason is not None
        assert agreement.index("prevalence").value == pytest.approx(prevalence)
        assert agreement.index("bias").value == pytest.approx(bias)

    def test_no_gap_is_no_paradox(self) -> None:
        table = check("2rater/feinstein_cicchetti_1990_A").data["table"]
        paradox = of_table(table).paradox()
        assert paradox.is_flagged is False
        assert paradox.reason is None


class TestNothing:
    def test_is_said_of_no_pairs_but_why(self) -> None:
        agreement = PairAgreement(joint_of_pairs(SCALE, []), seed_text="")
        found = plain(everything(agreement))
        assert isinstance(found, dict)
        assert found["pairs"] == 0
        assert values_in(everything(agreement)) == {None}

    def test_is_said_of_ratings_without_two_marks(self) -> None:
        agreement = RatersAgreement(SCALE, [[1, None], [None, 2], [None, None]])
        found = of_raters.everything(agreement)
        assert values_in(found) == {None}
        assert isinstance(plain(found), dict)


class TestWeighted:
    """Source: statistics.md 1.7."""

    @given(pairs=pairs_lists, chance=st.sampled_from([0.1, 0.25, 0.5, 1.0]))
    @settings(max_examples=25, deadline=None)
    def test_with_equal_chances_is_a_sample_of_a_finite_cohort(
        self, pairs: list[tuple[int, int]], chance: float
    ) -> None:
        drawn = joint_of_pairs(SCALE, pairs, inclusion=[chance] * len(pairs))
        population = round(len(pairs) / chance)
        if population * chance != len(pairs):
            return
        plain_joint = joint_of_pairs(SCALE, pairs, population=population)
        assert_alike(drawn, plain_joint)

    def test_counts_a_rarely_drawn_pair_for_more(self) -> None:
        pairs = [(1, 1)] * 10 + [(1, 2)] * 10
        inclusion = [0.1] * 10 + [1.0] * 10
        joint = joint_of_pairs((1, 2), pairs, inclusion=inclusion)
        percent = PairAgreement(joint, seed_text="").percent()
        assert percent.value == pytest.approx(100 / 110)
        assert joint.effective == pytest.approx(110**2 / 1010)
        assert percent.standard_error == pytest.approx(
            np.sqrt(10 * 0.9 * 100 * (1 - 100 / 110) ** 2) / 110
        )

    def test_survives_a_chance_near_nothing(self) -> None:
        pairs, inclusion = [(1, 1), (1, 2)], [5e-324, 1.0]
        joint = joint_of_pairs((1, 2), pairs, inclusion=inclusion)
        found = PairAgreement(joint, seed_text="").percent()
        assert found.value == 1
        assert found.standard_error == 0


class TestProperties:
    @given(pairs=pairs_lists)
    @settings(max_examples=25, deadline=None)
    def test_a_table_says_what_its_pairs_say(
        self, pairs: list[tuple[int, int]]
    ) -> None:
        counts = np.zeros((4, 4))
        for first, second in pairs:
            counts[first - 1, second - 1] += 1
        from_table = few_draws(joint_of_table(SCALE, counts))
        from_pairs = few_draws(joint_of_pairs(SCALE, pairs))
        assert plain(everything(from_table)) == plain(everything(from_pairs))

    @given(pairs=pairs_lists)
    @settings(max_examples=25, deadline=None)
    def test_the_order_of_two_raters_makes_no_difference(
        self, pairs: list[tuple[int, int]]
    ) -> None:
        turned = [(second, first) for first, second in pairs]
        assert_alike(joint_of_pairs(SCALE, pairs), joint_of_pairs(SCALE, turned))

    @given(pairs=pairs_lists, names=st.permutations(SCALE))
    @settings(max_examples=25, deadline=None)
    def test_unordered_statistics_do_not_look_at_the_names_of_marks(
        self, pairs: list[tuple[int, int]], names: list[int]
    ) -> None:
        renamed = [(names[first - 1], names[second - 1]) for first, second in pairs]
        one, two = (few_draws(joint_of_pairs(SCALE, each)) for each in (pairs, renamed))
        for name, estimate in one.coefficients("unweighted").items():
            assert_near(estimate, two.coefficients("unweighted")[name])
        assert_near(one.alpha("nominal"), two.alpha("nominal"))

    @given(
        rows=st.lists(
            st.tuples(*[st.one_of(st.none(), marks)] * 3), min_size=2, max_size=12
        ),
        order=st.permutations(range(3)),
    )
    @settings(max_examples=40, deadline=None)
    def test_the_order_of_many_raters_makes_no_difference(
        self, rows: list[tuple[int | None, ...]], order: list[int]
    ) -> None:
        turned = [[row[place] for place in order] for row in rows]
        one, two = RatersAgreement(SCALE, rows), RatersAgreement(SCALE, turned)
        for name, estimate in one.coefficients("quadratic").items():
            assert_near(estimate, two.coefficients("quadratic")[name])
        for metric in METRICS:
            assert_near(one.alpha(metric), two.alpha(metric))

    @given(pairs=pairs_lists)
    @settings(max_examples=25, deadline=None)
    def test_two_raters_agree_alike_as_pairs_and_as_many(
        self, pairs: list[tuple[int, int]]
    ) -> None:
        as_pairs = few_draws(joint_of_pairs(SCALE, pairs))
        as_many = RatersAgreement(SCALE, pairs)
        for weighting in WEIGHTINGS:
            one, many = (each.coefficients(weighting) for each in (as_pairs, as_many))
            for mine, other in (
                ("cohen_kappa", "conger_kappa"),
                ("scott_pi", "fleiss_kappa"),
                ("brennan_prediger", "brennan_prediger"),
            ):
                assert one[mine].value == pytest.approx(many[other].value)
        for metric in METRICS:
            value = as_many.alpha(metric).value
            assert as_pairs.alpha(metric).value == pytest.approx(value)


class TestDraws:
    def test_are_the_same_from_the_same_seed_and_others_from_another(self) -> None:
        first, again, other = (
            PairAgreement(of_table([[40, 9], [6, 45]]).joint, seed_text=seed)
            for seed in ("one", "one", "two")
        )
        kappas = [
            each.coefficient("cohen_kappa", "unweighted").interval
            for each in (first, again, other)
        ]
        assert kappas[0] == kappas[1]
        assert kappas[0] != kappas[2]

    def test_cover_the_truth_about_as_often_as_they_promise(self) -> None:
        """Source: statistics.md 1.6, 2x2: AC1 at n = 20 covered .948 of .95."""
        truth = np.asarray([[0.87, 0.04], [0.03, 0.06]])
        true_value = ac1_of(truth * 1e6, seed_text="").value
        assert true_value is not None
        generator = np.random.Generator(np.random.Philox(20261121))
        covered, rounds = 0, 300
        for number in range(rounds):
            counts = generator.multinomial(20, truth.ravel()).reshape(2, 2)
            interval = ac1_of(counts.astype(float), seed_text=str(number)).interval
            assert interval is not None
            covered += interval.low <= true_value <= interval.high
        assert 0.92 <= covered / rounds < 1


def ac1_of(counts: Array, *, seed_text: str) -> Estimate:
    joint = joint_of_table((1, 2), counts)
    agreement = PairAgreement(joint, seed_text=seed_text, draws=4_000)
    return agreement.coefficient("gwet_ac", "unweighted")


def of_table(table: list[list[int]]) -> PairAgreement:
    joint = joint_of_table((1, 2), np.asarray(table, dtype=float))
    return PairAgreement(joint, seed_text="")


def few_draws(joint: Joint) -> PairAgreement:
    return PairAgreement(joint, seed_text="s", draws=200)


def assert_alike(one: Joint, two: Joint) -> None:
    first, second = (few_draws(each) for each in (one, two))
    for weighting in WEIGHTINGS:
        others = second.coefficients(weighting)
        for name, estimate in first.coefficients(weighting).items():
            assert_near(estimate, others[name])
    for metric in METRICS:
        assert_near(first.alpha(metric), second.alpha(metric))


def assert_near(one: Estimate, two: Estimate) -> None:
    assert one.value == pytest.approx(two.value, abs=1e-9)
    assert one.standard_error == pytest.approx(two.standard_error, abs=1e-7)


def values_in(found: object) -> set[float | None]:
    """Return the values of all estimates in *found*."""
    if isinstance(found, Estimate):
        assert found.reason
        return {found.value}
    if isinstance(found, dict):
        return {value for part in found.values() for value in values_in(part)}
    return set()
