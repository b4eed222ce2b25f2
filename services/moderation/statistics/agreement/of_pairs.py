"""Everything that is said of the agreement of two raters.

Invariant: a table, the pairs it counts, and these pairs drawn with equal chances give
the same values, and the same intervals from the same seed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.moderation.statistics.agreement.coefficients import (
    COEFFICIENTS,
    Coefficient,
    contributions,
    observed,
    values,
)
from services.moderation.statistics.agreement.indices import (
    PARADOX_GAP,
    bias_index,
    prevalence_index,
    specific_agreements,
    specific_contributions,
)
from services.moderation.statistics.agreement.joint import Joint
from services.moderation.statistics.agreement.krippendorff import (
    METRICS,
    Metric,
    alphas,
    influences,
)
from services.moderation.statistics.agreement.weights import (
    WEIGHTINGS,
    Weighting,
    weight_matrix,
)
from services.moderation.statistics.estimates import (
    DRAWS,
    Array,
    Estimate,
    Interval,
    generator_of,
    not_estimable,
)
from services.moderation.statistics.intervals import (
    clopper_pearson,
    posterior_interval,
    posterior_tables,
    wilson,
)
from services.moderation.statistics.rates import effective_number

NO_PAIRS = "there are no pairs"
ONE_MARK = "every pair has the same mark, so agreement by chance is complete"
ONE_PAIR = "a single pair has no spread"
DESCRIBES = "describes these pairs as they are, so it has no error"
_NO_INTERVAL = "too many draws of the posterior leave it undefined"
_TWO_MARKS = "defined for two marks"
_NEGATIVE = "a ratio needs marks of zero or more"


@dataclass(frozen=True, slots=True)
class Paradox:
    """Whether AC1 and kappa part, and why both are shown then."""

    is_flagged: bool | None
    gap: float | None
    """AC1 - kappa."""
    reason: str | None


class PairAgreement:
    """The agreement in one table of pairs; draws are made once, from *seed_text*."""

    def __init__(self, joint: Joint, *, seed_text: str, draws: int = DRAWS) -> None:
        self.joint = joint
        self._draws = draws
        self.seed_text = seed_text
        self._drawn: Array | None = None

    @property
    def effective(self) -> float:
        """How many pairs drawn with equal chances would tell as much."""
        joint, equal = self.joint, np.eye(len(self.joint.scale))
        if not joint.is_weighted:
            return joint.effective
        share, error = float(observed(joint.shares, equal)), joint.error_of(equal)
        return effective_number(share, error**2, joint.effective)

    def percent(self, *, is_exact: bool = False) -> Estimate:
        """Return the share of pairs with equal marks: Wilson's interval, or the exact.

        Wilson's on the effective number of pairs where the sample was not uniform.
        """
        joint = self.joint
        if not joint.pairs:
            return not_estimable(NO_PAIRS)
        equal = np.eye(len(joint.scale))
        share = float(observed(joint.shares, equal))
        if not is_exact:
            interval = wilson(share * self.effective, self.effective)
            return self._with_error(share, equal, interval)
        if joint.is_weighted:
            reason = "exact for equal chances only"
            return self._with_error(share, equal, None, reason)
        exact = clopper_pearson(round(float(np.trace(joint.counts))), joint.pairs)
        return self._with_error(share, equal, exact)

    def weighted_percent(self, weighting: Weighting) -> Estimate:
        """Return p_a under *weighting*."""
        weights = weight_matrix(self.joint.scale, weighting)
        if not self.joint.pairs:
            return not_estimable(NO_PAIRS)
        value = float(observed(self.joint.shares, weights))
        drawn = observed(self._tables(), weights)
        return self._estimate(value, weights, drawn)

    def coefficient(self, name: Coefficient, weighting: Weighting) -> Estimate:
        """Return a coefficient corrected for chance."""
        shares = self.joint.shares
        weights = weight_matrix(self.joint.scale, weighting)
        if not self.joint.pairs:
            return not_estimable(NO_PAIRS)
        value = float(values(name, shares, weights))
        if np.isnan(value):
            return not_estimable(ONE_MARK)
        added = contributions(name, shares, weights)
        return self._estimate(value, added, values(name, self._tables(), weights))

    def coefficients(self, weighting: Weighting) -> Mapping[str, Estimate]:
        """Return every coefficient under *weighting*, by the name it then has."""
        return {
            name_under(name, weighting): self.coefficient(name, weighting)
            for name in COEFFICIENTS
        }

    def alpha(self, metric: Metric) -> Estimate:
        """Return Krippendorff's alpha."""
        joint = self.joint
        if not joint.pairs:
            return not_estimable(NO_PAIRS)
        if metric == "ratio" and min(joint.scale) < 0:
            return not_estimable(_NEGATIVE)
        value = float(alphas(self._coincidences(joint.shares), joint.scale, metric))
        if np.isnan(value):
            return not_estimable(ONE_MARK)
        drawn = alphas(self._coincidences(self._tables()), joint.scale, metric)
        return self._estimate(value, self._alpha_contributions(metric), drawn)

    def specific(self, place: int) -> Estimate:
        """Return the agreement on the mark at *place* of the scale."""
        shares = self.joint.shares
        value = float(specific_agreements(shares, place))
        if np.isnan(value):
            return not_estimable("nobody gave this mark")
        drawn = specific_agreements(self._tables(), place)
        return self._estimate(value, specific_contributions(shares, place), drawn)

    def paradox(self) -> Paradox:
        """Return whether AC1 exceeds kappa by so much that both must be explained."""
        shares, weights = self.joint.shares, np.eye(len(self.joint.scale))
        kappa = float(values("cohen_kappa", shares, weights))
        if not self.joint.pairs or np.isnan(kappa):
            return Paradox(None, None, "kappa is not estimable")
        gap = float(values("gwet_ac", shares, weights)) - kappa
        if gap <= PARADOX_GAP:
            return Paradox(is_flagged=False, gap=gap, reason=None)
        reason = (
            "the marks are so unevenly used that chance explains most agreement for "
            "kappa, not for AC1: read both with the prevalence and bias index"
        )
        return Paradox(is_flagged=True, gap=gap, reason=reason)

    def index(self, name: str) -> Estimate:
        """Return the "prevalence" or the "bias" index."""
        if not self.joint.pairs:
            return not_estimable(NO_PAIRS)
        of = {"prevalence": prevalence_index, "bias": bias_index}[name]
        value = of(self.joint.shares)
        if value is None:
            return not_estimable(_TWO_MARKS)
        return Estimate(value=value, reason=DESCRIBES)

    def _estimate(self, value: float, contributed: Array, drawn: Array) -> Estimate:
        interval = posterior_interval(value, drawn)
        reason = None if interval else _NO_INTERVAL
        return self._with_error(value, contributed, interval, reason)

    def _with_error(
        self,
        value: float,
        contributed: Array,
        interval: Interval | None,
        reason: str | None = None,
    ) -> Estimate:
        """Return the estimate with its error; None, and why, for a single pair."""
        is_alone = self.joint.pairs == 1
        return Estimate(
            value=value,
            standard_error=None if is_alone else self.joint.error_of(contributed),
            interval=interval,
            reason=reason or (ONE_PAIR if is_alone else None),
        )

    def _tables(self) -> Array:
        if self._drawn is None:
            counts = self.joint.shares * self.effective
            generator = generator_of(self.seed_text)
            self._drawn = posterior_tables(counts, self._draws, generator)
        return self._drawn

    def _coincidences(self, shares: Array) -> Array:
        both = shares + np.swapaxes(shares, -1, -2)
        return np.asarray(both * self.joint.effective)

    def _alpha_contributions(self, metric: Metric) -> Array:
        """Return the influence of a pair in each cell: a unit with these two marks."""
        categories = len(self.joint.scale)
        marks = np.eye(categories)
        units = (marks[:, None, :] + marks[None, :, :]).reshape(-1, categories)
        repeats = (self.joint.shares * self.joint.effective).reshape(-1)
        moved = influences(units, repeats, self.joint.scale, metric)
        return moved.reshape(categories, categories)


def name_under(name: str, weighting: Weighting) -> str:
    """Return what a coefficient is called: Gwet's is AC1 unweighted, else AC2."""
    if name != "gwet_ac":
        return name
    return "gwet_ac1" if weighting == "unweighted" else "gwet_ac2"


def everything(agreement: PairAgreement) -> dict[str, object]:
    """Return all that `attest stats agreement` prints of pairs, by name."""
    joint = agreement.joint
    return {
        "pairs": joint.pairs,
        "effective_pairs": agreement.effective,
        "percent_agreement": agreement.percent(),
        "percent_agreement_exact": agreement.percent(is_exact=True),
        "weighted_percent_agreement": {
            weighting: agreement.weighted_percent(weighting)
            for weighting in WEIGHTINGS
            if weighting != "unweighted"
        },
        "coefficients": {
            weighting: agreement.coefficients(weighting) for weighting in WEIGHTINGS
        },
        "krippendorff_alpha": {metric: agreement.alpha(metric) for metric in METRICS},
        "specific_agreement": {
            str(mark): agreement.specific(place)
            for place, mark in enumerate(joint.scale)
        },
        "prevalence_index": agreement.index("prevalence"),
        "bias_index": agreement.index("bias"),
        "paradox": agreement.paradox(),
    }
