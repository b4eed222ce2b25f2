"""Simulated reviewers overturn and differ as often as the research says."""

import numpy as np
import pytest

from services.moderation.simulation.marking import FAULTS, GOOD, KINDS, Judgements
from services.moderation.simulation.populations import Source

PORTFOLIOS, REVIEWERS = 100, 1_000
RESEARCH, PRODUCT = 2, 3


def judgements(name: str, met_level: int = RESEARCH, seed: int = 1) -> Judgements:
    source = Source(portfolios=PORTFOLIOS, met_levels=(met_level,), seed=seed)
    marking = GOOD if name == "good" else FAULTS[name]
    return source.reviewers(marking, REVIEWERS, "test")[met_level].judgements


class TestMarking:
    @pytest.mark.parametrize(
        ("name", "overturned"),
        [
            ("good", 0.054),
            ("mild harsh", 0.117),
            ("harsh", 0.246),
            ("lenient", 0.070),
            ("careless", 0.235),
        ],
    )
    def test_is_overturned_as_often_as_in_the_research(
        self, name: str, overturned: float
    ) -> None:
        """Source: statistics.md section 5."""
        assert judgements(name).is_wrong.mean() == pytest.approx(overturned, abs=0.005)

    @pytest.mark.parametrize(("name", "after"), [("step drift", 0.32), ("ramp", 0.26)])
    def test_drifts_from_the_midpoint_on(self, name: str, after: float) -> None:
        """Source: statistics.md section 5."""
        wrong = judgements(name).is_wrong
        half = PORTFOLIOS // 2
        assert wrong[:half].mean() == pytest.approx(0.054, abs=0.005)
        assert wrong[half:].mean() == pytest.approx(after, abs=0.01)

    def test_shows_good_reviewers_who_differ_as_the_charts_expect(self) -> None:
        good = judgements("good")
        assert good.level_difference.std() == pytest.approx(0.843, abs=0.01)
        assert good.absolute_difference.mean() == pytest.approx(0.708, abs=0.01)

    def test_finds_far_more_not_met_where_every_criterion_must_reach_3(self) -> None:
        """Source: moderation.md, Moderation 3: the floors cost."""
        lowest = np.array([min(levels) for levels, _ in KINDS])
        for met_level, cnm in ((RESEARCH, 0.10), (PRODUCT, 0.49)):
            kinds = judgements("good", met_level).kind
            assert (lowest[kinds] < met_level).mean() == pytest.approx(cnm, abs=0.01)

    def test_notes_only_what_is_met_as_borderline(self) -> None:
        kinds = judgements("good", PRODUCT).kind
        noted = {KINDS[kind][0] for kind in np.unique(kinds) if KINDS[kind][1]}
        assert noted
        assert min(min(levels) for levels in noted) == PRODUCT


class TestSeed:
    def test_gives_the_same_reviewers_again(self) -> None:
        first, again = judgements("careless"), judgements("careless")
        assert np.array_equal(first.kind, again.kind)
        assert np.array_equal(first.level_difference, again.level_difference)

    def test_gives_others_for_another_one(self) -> None:
        other = judgements("careless", seed=2)
        assert not np.array_equal(judgements("careless").kind, other.kind)
