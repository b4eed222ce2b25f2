"""What a few moderated judgements say: against published numbers and known cases."""

from decimal import getcontext, localcontext

import pytest

from services.moderation.domain.posterior import (
    OverturnPrior,
    SeverityPrior,
    overturns_above_ppm,
    severity_beyond_ppm,
    severity_of,
)

PRIOR = OverturnPrior(mean_ppm=55_000, correlation_ppm=50_000)
SEVERITY = SeverityPrior(between=450, within=843)
TENTH = 100_000


class TestOverturnPrior:
    def test_has_the_shape_that_is_published(self) -> None:
        """Source: statistics.md 3.2: a = 1.045, b = 17.955."""
        a, b = PRIOR.shape()
        assert (float(a), float(b)) == (1.045, 17.955)


class TestOverturnsAbove:
    @pytest.mark.parametrize(
        ("overturned", "moderated", "expected"),
        [(3, 12, 656_990), (6, 12, 975_449), (10, 50, 928_179), (0, 20, 20_136)],
    )
    def test_is_the_tail_of_the_beta_posterior(
        self, overturned: int, moderated: int, expected: int
    ) -> None:
        """Source: statistics.md 3.2 (.657, .975, .928); all by scipy.stats.beta."""
        found = overturns_above_ppm(overturned, moderated, limit_ppm=TENTH, prior=PRIOR)
        assert found == expected

    def test_says_when_a_rate_is_probably_low(self) -> None:
        """Source: statistics.md 4: 20 clean, and P(rate < .05) > .8."""
        above = overturns_above_ppm(0, 20, limit_ppm=50_000, prior=PRIOR)
        assert 1_000_000 - above == 846_945

    @pytest.mark.parametrize(
        ("overturned", "moderated", "expected"),
        [(0, 5_000, 0), (900, 1_000, 1_000_000)],
    )
    def test_is_certain_after_very_many(
        self, overturned: int, moderated: int, expected: int
    ) -> None:
        found = overturns_above_ppm(overturned, moderated, limit_ppm=TENTH, prior=PRIOR)
        assert found == expected

    def test_falls_with_the_limit_and_grows_with_each_overturn(self) -> None:
        limits = [
            overturns_above_ppm(3, 12, limit_ppm=each, prior=PRIOR)
            for each in range(10_000, 1_000_000, 90_000)
        ]
        assert limits == sorted(limits, reverse=True)
        overturns = [
            overturns_above_ppm(each, 12, limit_ppm=TENTH, prior=PRIOR)
            for each in range(13)
        ]
        assert overturns == sorted(set(overturns))

    def test_is_the_same_whatever_precision_the_caller_works_with(self) -> None:
        with localcontext() as context:
            context.prec = 5
            found = overturns_above_ppm(3, 12, limit_ppm=TENTH, prior=PRIOR)
        assert found == 656_990
        assert getcontext().prec == 28


class TestSeverity:
    @pytest.mark.parametrize(
        ("difference", "moderated", "expected"),
        [
            (-9, 5, 856_472),
            (-18, 10, 994_447),
            (-10, 16, 106_749),
            (15, 10, 941_920),
            (0, 0, 95_581),
            (-300, 100, 1_000_000),
        ],
    )
    def test_beyond_the_limit_is_the_tails_of_the_normal_posterior(
        self, difference: int, moderated: int, expected: int
    ) -> None:
        """By scipy.stats.norm, at a limit of three quarters of a level."""
        found = severity_beyond_ppm(difference, moderated, limit=750, prior=SEVERITY)
        assert found == expected

    def test_counts_harsh_and_lenient_alike(self) -> None:
        harsh, lenient = (
            severity_beyond_ppm(each, 10, limit=750, prior=SEVERITY)
            for each in (-12, 12)
        )
        assert harsh == lenient

    def test_shrinks_what_few_judgements_say(self) -> None:
        """Five of them at -1.8 levels each: nearer to nought, and uncertain."""
        few = severity_of(-9, 5, SEVERITY)
        many = severity_of(-180, 100, SEVERITY)
        assert -1_800 < many.mean < few.mean < 0
        assert (round(few.mean), round(few.deviation)) == (-1_058, 289)
        assert (round(many.mean), round(many.deviation)) == (-1_739, 83)
