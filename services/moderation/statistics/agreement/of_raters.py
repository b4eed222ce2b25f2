"""Everything that is said of the agreement of many raters, with cells left empty."""

from collections.abc import Mapping, Sequence
from math import inf

import numpy as np

from services.moderation.statistics.agreement import fleiss
from services.moderation.statistics.agreement.icc import NAMES, correlations
from services.moderation.statistics.agreement.krippendorff import (
    METRICS,
    Metric,
    alpha_error,
    alphas,
    coincidences_of,
)
from services.moderation.statistics.agreement.of_pairs import ONE_MARK, name_under
from services.moderation.statistics.agreement.raters import (
    RATERS_COEFFICIENTS,
    RatersCoefficient,
    Ratings,
    percent_and_error,
    value_and_error,
)
from services.moderation.statistics.agreement.weights import (
    WEIGHTINGS,
    Weighting,
    weight_matrix,
)
from services.moderation.statistics.estimates import (
    UNDEFINED,
    Estimate,
    not_estimable,
)
from services.moderation.statistics.intervals import student, wilson

NO_UNITS = "no unit has two marks"
_ONE_UNIT = "a single unit has no spread"
ALL_ALIKE = "no unit differs from another, so there is no interval"
WHOLE_COHORT = "the whole cohort was seen, so there is no interval"
_UNDER_CHANCE = "its error is known under chance alone: see there"
_IS_ERROR = "it is an error itself"
_TWO_MARKS = 2
_UNEQUAL = "needs the same number of marks in every unit"
_NEGATIVE = "a ratio needs marks of zero or more"


class RatersAgreement:
    """The agreement of raters in *rows*, units x raters; None where one did not judge.

    Every mark must be on *scale*. *population* is the size of the finite cohort the
    units were drawn from; errors and intervals are narrower by sqrt(1 - f), f the share
    of it that somebody judged.
    """

    def __init__(
        self,
        scale: Sequence[float],
        rows: Sequence[Sequence[float | None]],
        *,
        population: int | None = None,
    ) -> None:
        self.scale = tuple(scale)
        self._marks = np.array(
            [[np.nan if mark is None else mark for mark in row] for row in rows],
            dtype=np.float64,
        ).reshape(len(rows), len(rows[0]) if rows else 0)
        places = np.asarray(self.scale)
        is_given = self._marks[:, :, None] == places[None, None, :]
        self.ratings = Ratings(is_given.astype(np.float64))
        self._seen = self.ratings.units / population if population else 0.0

    @property
    def raters(self) -> int:
        """How many raters there are."""
        return int(self._marks.shape[1])

    def percent(self, weighting: Weighting) -> Estimate:
        """Return p_a under *weighting*.

        With Wilson's interval where it is a share of units: they have two marks each.
        In a finite cohort it is that of n / (1 - f) units, which have the same error.
        """
        paired = self.ratings.paired
        if not paired:
            return not_estimable(NO_UNITS)
        weights = weight_matrix(self.scale, weighting)
        value, error = percent_and_error(self.ratings, weights, seen_share=self._seen)
        is_share = weighting == "unweighted" and self.ratings.sizes.max() == _TWO_MARKS
        if is_share and self._seen < 1:
            trials = paired / (1 - self._seen)
            return Estimate(
                value=value,
                standard_error=error,
                interval=wilson(value * trials, trials),
                reason=_ONE_UNIT if error is None else None,
            )
        return self._estimate(value, error, paired, least=0.0)

    def coefficient(self, name: RatersCoefficient, weighting: Weighting) -> Estimate:
        """Return a coefficient corrected for chance."""
        if not self.ratings.paired:
            return not_estimable(NO_UNITS)
        weights = weight_matrix(self.scale, weighting)
        found = value_and_error(name, self.ratings, weights, seen_share=self._seen)
        if found is None:
            return not_estimable(ONE_MARK)
        return self._estimate(*found, self.ratings.units)

    def coefficients(self, weighting: Weighting) -> Mapping[str, Estimate]:
        """Return every coefficient under *weighting*, by the name it then has."""
        return {
            name_under(name, weighting): self.coefficient(name, weighting)
            for name in RATERS_COEFFICIENTS
        }

    def alpha(self, metric: Metric) -> Estimate:
        """Return Krippendorff's alpha."""
        if not self.ratings.paired:
            return not_estimable(NO_UNITS)
        if metric == "ratio" and min(self.scale) < 0:
            return not_estimable(_NEGATIVE)
        coincidences = coincidences_of(self.ratings.counts)
        value = float(alphas(coincidences, self.scale, metric))
        if np.isnan(value):
            return not_estimable(ONE_MARK)
        error = alpha_error(self.ratings.counts, self.scale, metric)
        if error is not None:
            error *= (1 - self._seen) ** 0.5
        return self._estimate(value, error, self.ratings.paired)

    def correlations(self) -> dict[str, Estimate]:
        """Return the intraclass correlations of Shrout and Fleiss."""
        if not self._marks.size or np.isnan(self._marks).any():
            reason = "needs a mark of every rater for every unit"
            return dict.fromkeys(NAMES, not_estimable(reason))
        return correlations(self._marks, np.ones(len(self._marks)))

    def fleiss_under_chance(self) -> Estimate:
        """Return the error that Fleiss' kappa has under chance, as an estimate."""
        counts = self.ratings.counts
        error = fleiss.chance_only_error(counts) if len(counts) else None
        if error is None:
            return not_estimable(self._why_not_fleiss())
        return Estimate(value=error, reason=_IS_ERROR)

    def by_category(self) -> dict[str, Estimate]:
        """Return Fleiss' kappa of each mark against all others."""
        counts = self.ratings.counts
        names = [str(mark) for mark in self.scale]
        if not len(counts) or fleiss.chance_only_error(counts) is None:
            return dict.fromkeys(names, not_estimable(self._why_not_fleiss()))
        return {
            name: not_estimable("nobody gave this mark")
            if value is None
            else Estimate(value=value, reason=_UNDER_CHANCE)
            for name, value in zip(names, fleiss.by_category(counts), strict=True)
        }

    def _why_not_fleiss(self) -> str:
        sizes = self.ratings.sizes
        is_equal = len(sizes) > 0 and sizes[0] > 1 and bool((sizes == sizes[0]).all())
        return ONE_MARK if is_equal else _UNEQUAL

    def _estimate(
        self, value: float, error: float | None, units: int, *, least: float = -inf
    ) -> Estimate:
        if self._seen >= 1:
            return Estimate(value=value, standard_error=error, reason=WHOLE_COHORT)
        if error is None:
            return Estimate(value=value, reason=_ONE_UNIT)
        if error <= UNDEFINED:
            return Estimate(value=value, standard_error=error, reason=ALL_ALIKE)
        interval = student(value, error, units - 1, least=least)
        return Estimate(value=value, standard_error=error, interval=interval)


def everything(agreement: RatersAgreement) -> dict[str, object]:
    """Return all that `attest stats agreement` prints of ratings, by name."""
    return {
        "units": agreement.ratings.units,
        "units_with_two_marks": agreement.ratings.paired,
        "raters": agreement.raters,
        "percent_agreement": agreement.percent("unweighted"),
        "weighted_percent_agreement": {
            weighting: agreement.percent(weighting)
            for weighting in WEIGHTINGS
            if weighting != "unweighted"
        },
        "coefficients": {
            weighting: agreement.coefficients(weighting) for weighting in WEIGHTINGS
        },
        "krippendorff_alpha": {metric: agreement.alpha(metric) for metric in METRICS},
        "fleiss_kappa_by_mark": agreement.by_category(),
        "fleiss_kappa_error_under_chance": agreement.fleiss_under_chance(),
        "intraclass_correlations": agreement.correlations(),
    }
