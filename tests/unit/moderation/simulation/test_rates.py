"""The official overturn rate tells the truth, and what was escalated does not."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from services.moderation.domain.detection import Detection
from services.moderation.simulation.calibrating import calibrated, points_of
from services.moderation.simulation.marking import FAULTS, GOOD
from services.moderation.simulation.policies import A, G
from services.moderation.simulation.populations import Source
from services.moderation.simulation.rates import Bias, bias_of, cohorts

_FILE = Path(__file__).parents[3] / "data" / "simulation_checks.json"
CHECKS: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["block_bias"]
"""What the research found of plan G: biases of rates, as shares."""

RULE = 2
SOURCE = Source(portfolios=100, met_levels=(RULE,), with_seeds=False)


@cache
def charts() -> Detection:
    good = SOURCE.reviewers(GOOD, 2_000, "calibrating")[RULE]
    return calibrated(G, points_of(good.judgements), good)


@cache
def bias(fault: str) -> Bias:
    reviewers = SOURCE.reviewers(FAULTS.get(fault, GOOD), 1_500, "bias")[RULE]
    return bias_of(G, charts(), reviewers)


class TestOfficialRate:
    """The bias below 0.2 points is measured by ``benchmarks.detection``."""

    @pytest.mark.parametrize("fault", ["good", *FAULTS])
    def test_is_near_the_truth_however_somebody_marks(self, fault: str) -> None:
        """Source: statistics.md 2.7, within three errors of so few reviewers."""
        assert abs(bias(fault).official) < 0.01

    @pytest.mark.parametrize("fault", ["good", *FAULTS])
    def test_has_an_interval_that_holds_however_they_mark(self, fault: str) -> None:
        """Source: statistics.md section 5, claim 3; of 37 groups of forty, 19 in 20."""
        assert bias(fault).coverage >= 0.85

    def test_is_nearer_than_everything_that_was_moderated(self) -> None:
        """Source: statistics.md 2.7: within a block, escalation knows the past."""
        drifting = bias("step drift")
        assert drifting.naive > 0.06
        assert abs(drifting.official) < drifting.weighted

    @pytest.mark.parametrize("fault", CHECKS["weighted"])
    def test_would_be_biased_as_in_the_research_by_weights_alone(
        self, fault: str
    ) -> None:
        """Of other reviewers, whose blocks begin behind the first: twice as near."""
        reviewers = SOURCE.reviewers(FAULTS.get(fault, GOOD), 20_000, "bias")[RULE]
        found = bias_of(G, charts(), reviewers).weighted
        near = 2 * CHECKS["tolerance"]
        assert found == pytest.approx(CHECKS["weighted"][fault], abs=near)

    def test_is_as_near_in_cohorts_as_in_the_research(self) -> None:
        found = cohorts(G, charts(), SOURCE, met_level=RULE, count=1_000)
        for name, expected in CHECKS["cohorts"].items():
            near = pytest.approx(expected, abs=CHECKS["tolerance"])
            assert getattr(found, name) == near
        assert found.coverage >= 0.94  # of the research, .941

    def test_has_an_interval_that_holds_in_most_cohorts(self) -> None:
        """Source: statistics.md section 5, claim 3."""
        found = cohorts(G, charts(), SOURCE, met_level=RULE, count=100)
        assert found.coverage >= 0.9
        assert found.error < 0.015
        assert abs(found.bias) < 0.004 < found.naive_bias

    def test_needs_blocks(self) -> None:
        reviewers = SOURCE.reviewers(GOOD, 20, "bias")[RULE]
        with pytest.raises(ValueError, match="without blocks"):
            bias_of(A, charts(), reviewers)
