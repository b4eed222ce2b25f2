"""Samples, charts and reviewers' rates come out as published."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from services.moderation.statistics.charts.limits import p_chart
from services.moderation.statistics.charts.runs import (
    bernoulli_run_length,
    cusum_run_length,
    ewma_run_length,
)
from services.moderation.statistics.estimates import Array
from services.moderation.statistics.rates import horvitz_thompson_total
from services.moderation.statistics.reviewers.dawid_skene import dawid_skene
from services.moderation.statistics.reviewers.hyperprior import log_likelihood
from services.moderation.statistics.reviewers.overturns import (
    PUBLISHED,
    Prior,
    chance_above,
    known,
    priors_of,
    rate_of,
)
from services.moderation.statistics.samples.fixed import (
    chance_of_acceptance,
    chance_of_acceptance_by_count,
    discovery_size,
    share_accepted_with,
    two_point_plan,
    upper_bound_without_errors,
)
from services.moderation.statistics.samples.sequential import (
    Csp1,
    bravo_mean_size,
    course_of,
    csp1_for,
    sprt,
)
from tests.unit.moderation.statistics.published import check


class TestFixedSamples:
    @pytest.mark.parametrize(
        ("name", "allowed"),
        [("attribute_sample_sizes_95", 0), ("attribute_sample_sizes_95_c1", 1)],
    )
    def test_are_as_large_as_in_the_audit_guide(self, name: str, allowed: int) -> None:
        entry = check(name)
        risk = entry.data["risk"]
        found = [
            discovery_size(percent / 100, risk=risk, errors_allowed=allowed)
            for percent in entry.data["tolerable_pct"]
        ]
        assert found == entry.expected["n"]

    def test_without_an_error_leave_about_three_over_n(self) -> None:
        entry = check("rule_of_three")
        found = [upper_bound_without_errors(size) for size in entry.data["n"]]
        assert found == entry.near(entry.expected["upper"])

    def test_keep_two_risks_as_other_engines_have_it(self) -> None:
        entry = check("acceptance_two_point_plans")
        found = {}
        for spec in entry.expected:
            points, _, model = spec.partition(" ")
            good, least, bad, most = (float(each) for each in points.split(","))
            _, _, population = model.partition("N=")
            found[spec] = list(
                two_point_plan(
                    good,
                    bad,
                    least_chance=least,
                    most_chance=most,
                    population=int(population) if population else None,
                )
            )
        assert found == entry.expected

    def test_accept_with_the_published_chances(self) -> None:
        entry = check("oc_single_n20_c0")
        found = [
            chance_of_acceptance(share, size=20, errors_allowed=0)
            for share in (0.05, 0.15)
        ]
        assert found == entry.near(list(entry.expected.values()))

    def test_have_the_curve_of_code_letter_j(self) -> None:
        entry = check("oc_code_letter_J_AQL1")
        size, allowed = entry.data["n"], entry.data["Ac"]
        found = [
            100 * share_accepted_with(chance, size=size, errors_allowed=allowed)
            for chance in entry.data["Pa"]
        ]
        assert found == entry.near(entry.expected["percent_nonconforming"])

    def test_have_the_curve_for_counts(self) -> None:
        entry = check("oc_7CFR42_curve6")
        found = [
            chance_of_acceptance_by_count(500 * share, errors_allowed=3)
            for share in (0.01, 0.001)
        ]
        assert found == entry.near(list(entry.expected.values()))


class TestSequentialSamples:
    def test_have_walds_lines_and_end_as_computed_exactly(self) -> None:
        entry = check("wald_sprt_moderation_exact")
        test = sprt(0.05, 0.20, alpha=0.05, beta=0.10)
        good, bad = course_of(test, 0.05), course_of(test, 0.20)
        found = {
            "h1": test.low,
            "h2": test.high,
            "s": test.slope,
            "P_reject_at_p1": good.chance_of_rejection,
            "P_reject_at_p2": bad.chance_of_rejection,
        }
        assert found == entry.near({key: entry.expected[key] for key in found})
        sizes = {
            "ASN_p1": good.mean_size,
            "ASN_mid": course_of(test, 0.125).mean_size,
            "ASN_p2": bad.mean_size,
            "ASN_40pct": course_of(test, 0.40).mean_size,
        }
        expected = {key: entry.expected[key] for key in sizes}
        assert sizes == pytest.approx(expected, abs=0.02)

    def test_have_dodges_averages(self) -> None:
        entry = check("csp1_i10_f10")
        plan = Csp1(10, 0.1)
        worst, where = plan.worst()
        found = {
            "AFI": [plan.inspected(share) for share in entry.data["p"]],
            "AOQ": [plan.outgoing(share) for share in entry.data["p"]],
            "AOQL": worst,
            "p_at_AOQL": where,
        }
        for key, value in found.items():
            assert value == entry.near(entry.expected[key])

    def test_have_dodges_table(self) -> None:
        entry = check("csp1_table_spot")
        found = [
            csp1_for(percent / 100, fraction=fraction)
            for fraction, percent in zip(
                entry.data["f"], entry.data["AOQL_pct"], strict=True
            )
        ]
        assert found == entry.near(entry.expected["i"])

    def test_have_the_mean_size_of_bravo(self) -> None:
        entry = check("bravo_asn")
        found = [bravo_mean_size(share, risk=0.10) for share in entry.data["share"]]
        assert found == entry.near(entry.expected["asn"])


class TestUnequalChances:
    def test_give_an_unbiased_total(self) -> None:
        entry = check("pps_lohr_supermarkets")
        totals, sizes = entry.data["t"], np.asarray(entry.data["size"])
        chances = sizes / sizes.sum()
        found = [
            horvitz_thompson_total([total], [chance])
            for total, chance in zip(totals, chances, strict=True)
        ]
        mean = float((chances * found).sum())
        variance = float((chances * (np.asarray(found) - sum(totals)) ** 2).sum())
        assert found == entry.near(entry.expected["t_hat"])
        assert mean == entry.near(entry.expected["mean"])
        assert variance == entry.near(entry.expected["variance"])


def prior_by_moments(overturns: Array, sizes: Array) -> Prior:
    """Return the prior with the mean and variance of the observed rates."""
    rates = overturns / sizes
    mean, spread = float(rates.mean()), float(rates.var(ddof=1))
    size = mean * (1 - mean) / spread - 1
    return Prior(mean * size, (1 - mean) * size)


def likeliest_prior(overturns: Array, sizes: Array) -> Prior:
    """Return the prior at which the likelihood that is integrated is greatest."""

    def loss(at: Array) -> float:
        mean, size = expit(at[0]), np.exp(at[1])
        alpha, beta = mean * size, (1 - mean) * size
        return -float(log_likelihood(alpha, beta, overturns, sizes))

    start = float(logit(overturns.sum() / sizes.sum()))
    found = minimize(loss, [start, np.log(20.0)], method="L-BFGS-B").x
    mean, size = float(expit(found[0])), float(np.exp(found[1]))
    return Prior(mean * size, (1 - mean) * size)


class TestOverturnRates:
    def test_have_the_prior_of_the_book(self) -> None:
        entry = check("beta_binomial_rats")
        seen = np.asarray(entry.data["y"]), np.asarray(entry.data["n"])
        moments, fitted = prior_by_moments(*seen), likeliest_prior(*seen)
        expected = entry.expected
        assert [moments.alpha, moments.beta] == entry.near(
            expected["moment_alpha_beta_BDA"]
        )
        assert [fitted.alpha, fitted.beta] == entry.near(expected["mle_alpha_beta"])
        assert fitted.mean == entry.near(expected["mle_mu"])
        assert fitted.correlation == entry.near(expected["mle_rho"])

    def test_have_the_posterior_of_the_book(self) -> None:
        entry = check("beta_binomial_rats")
        expected = entry.expected["posterior_beta_1_4_8_6"]
        found = rate_of(known(Prior(1.4, 8.6)), 4, 14)
        assert found.interval is not None
        assert found.value == entry.near(expected["mean"])
        assert found.standard_error == entry.near(expected["sd"])
        bounds = [found.interval.low, found.interval.high]
        assert bounds == entry.near(expected["ci95"])

    def test_have_the_hierarchical_posterior_of_the_book(self) -> None:
        """Source: BDA3 5.3: E(alpha | y) = 2.4, E(beta | y) = 14.3, of all 71."""
        entry = check("beta_binomial_rats")
        weighed = priors_of([*entry.data["y"], 4], [*entry.data["n"], 14]).weighed
        assert weighed.chances @ weighed.alphas == pytest.approx(2.4, abs=0.05)
        assert weighed.chances @ weighed.betas == pytest.approx(14.3, abs=0.05)

    @pytest.mark.parametrize(
        ("overturns", "size", "mean", "chance"),
        [(3, 12, 0.1305, 0.657), (6, 12, 0.2273, 0.975), (10, 50, 0.1601, 0.928)],
    )
    def test_have_the_chances_of_the_worked_example(
        self, overturns: int, size: int, mean: float, chance: float
    ) -> None:
        """Source: statistics.md 3.2."""
        found = rate_of(known(PUBLISHED), overturns, size).value
        assert found == pytest.approx(mean, abs=1e-4)
        above = chance_above(known(PUBLISHED), overturns, size, 0.10)
        assert above == pytest.approx(chance, abs=1e-3)


class TestDawidSkene:
    def test_ends_at_the_fixed_point(self) -> None:
        entry = check("dawid_skene_anaesthetists")
        found = dawid_skene(_marks(entry.data["patients"]))
        expected = entry.expected
        assert found.shares.tolist() == entry.near(expected["class_marginals"])
        assert found.log_likelihood == entry.near(expected["loglik"])
        for number in (1, 2):
            rows = found.confusion[number - 1]
            for row, published in zip(rows, expected[f"observer{number}"], strict=True):
                assert row.tolist() == entry.near(published)
        classes = (found.chances.argmax(axis=1) + 1).tolist()
        assert classes == expected["map_classes"]
        uncertain = np.flatnonzero(found.chances.max(axis=1) < 0.985) + 1
        assert uncertain.tolist() == [7, 35, 38]

    def test_keeps_what_is_known_and_smooths_what_is_not(self) -> None:
        counts = np.zeros((2, 1, 2))
        counts[0, 0, 0] = counts[1, 0, 1] = 1
        found = dawid_skene(counts, fixed={0: 1}, smoothing=1.0)
        assert found.chances[0].tolist() == [0, 1]
        assert (found.confusion > 0).all()
        assert np.isfinite(found.log_likelihood)


class TestCharts:
    @pytest.mark.parametrize(("key", "limit"), [("h4", 4.0), ("h5", 5.0)])
    def test_of_sums_run_as_long_as_published(self, key: str, limit: float) -> None:
        entry = check("cusum_arl_normal_two_sided")
        found = [
            cusum_run_length(shift, reference=0.5, limit=limit)
            for shift in entry.data["shift"]
        ]
        assert found == pytest.approx(entry.expected[key], abs=0.5)
        assert found[4:] == pytest.approx(entry.expected[key][4:], abs=0.02)

    def test_of_averages_run_as_long_as_published(self) -> None:
        entry = check("ewma_arl_lucas_saccucci")
        for key, expected in entry.expected.items():
            weight, limit = key.split(",")
            found = [
                ewma_run_length(shift, weight=float(weight[3:]), limit=float(limit[1:]))
                for shift in entry.data["shift"]
            ]
            assert found == entry.near(expected)

    def test_of_errors_run_as_long_as_computed_exactly(self) -> None:
        entry = check("bernoulli_cusum_exact")
        found = {}
        for key in entry.expected:
            share, step, limit = key.split(",")
            found[key] = bernoulli_run_length(
                float(share), step=int(step), limit=int(limit)
            )
        assert found == pytest.approx(entry.expected, rel=1e-6, abs=0.01)

    def test_of_shares_have_the_published_limits(self) -> None:
        entry = check("p_chart_orange_juice")
        found = p_chart(entry.data["D"], entry.data["n"])
        expected = entry.expected
        assert found.centre == entry.near(expected["pbar"])
        assert found.high == entry.near(expected["UCL"])
        assert found.low == entry.near(expected["LCL"])


def _marks(patients: dict[str, Any]) -> Array:
    counts = np.zeros((len(patients), 5, 4))
    for patient, observers in patients.items():
        for observer, marks in observers.items():
            for mark in marks:
                counts[int(patient) - 1, int(observer) - 1, mark - 1] += 1
    return counts
