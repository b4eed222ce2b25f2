"""The many-facet Rasch model finds what a cohort was made with."""

import numpy as np
import pytest

from services.moderation.statistics.estimates import Array
from services.moderation.statistics.reviewers.facets import Ratings, fitted_facets

TRUE = np.linspace(-1, 1, 8)
STEPS = np.array([-2.0, 0.0, 2.0])


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    """Return 600 cases, two of eight raters each, three criteria, four levels."""
    draws = np.random.Generator(np.random.Philox(20261121))
    marks = []
    for case in range(600):
        theta = draws.normal(0, 1.5)
        for rater in draws.choice(len(TRUE), 2, replace=False):
            for criterion in range(3):
                chances = chances_of(theta - STEPS - TRUE[rater])
                marks.append((case, criterion, rater, draws.choice(4, p=chances)))
    cases, criteria, raters, levels = np.asarray(marks).T
    return Ratings(cases=cases, criteria=criteria, raters=raters, levels=levels)


def chances_of(climbs: Array) -> Array:
    heights = np.exp(np.concatenate([[0.0], np.cumsum(climbs)]))
    return np.asarray(heights / heights.sum())


class TestFacets:
    """Source: statistics.md 3.5; these ratings are drawn from the model itself."""

    def test_find_every_severity_within_its_error(self, ratings: Ratings) -> None:
        found = fitted_facets(ratings)
        assert (np.abs(found.severities - TRUE) < 3 * found.errors).all()
        assert found.severities.sum() == pytest.approx(0, abs=1e-9)
        assert found.deviation == pytest.approx(1.5, abs=0.15)

    def test_have_errors_as_large_as_the_spread_of_samples(
        self, ratings: Ratings
    ) -> None:
        """Source: a rater gives about 450 marks of information .2 to .5 each."""
        errors = fitted_facets(ratings).errors
        assert (errors > 0.06).all()
        assert (errors < 0.12).all()

    def test_do_not_depend_on_the_order_of_marks(self, ratings: Ratings) -> None:
        turned = Ratings(
            cases=ratings.cases[::-1],
            criteria=ratings.criteria[::-1],
            raters=ratings.raters[::-1],
            levels=ratings.levels[::-1],
        )
        one, two = fitted_facets(ratings), fitted_facets(turned)
        assert one.deviance == pytest.approx(two.deviance, abs=1e-6)
        assert one.severities == pytest.approx(two.severities, abs=1e-4)

    def test_survive_a_level_that_nobody_gave(self) -> None:
        ratings = Ratings(
            cases=np.repeat(np.arange(40), 2),
            criteria=np.zeros(80, dtype=int),
            raters=np.tile([0, 1], 40),
            levels=np.array([3, 3] * 20 + [1, 3] * 20),
        )
        found = fitted_facets(ratings)
        assert found.severities[0] > found.severities[1]
        assert np.isfinite(found.errors).all()
