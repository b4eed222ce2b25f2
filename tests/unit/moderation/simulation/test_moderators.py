"""What second opinions cost and find, measured on moderators who are made up."""

import pytest

from services.moderation.domain.rules import Rules, rules_of
from services.moderation.simulation.moderators import Seconds, seconds_of
from services.moderation.simulation.populations import PRODUCT_MET_LEVEL, SEED
from shared.programmes import load_programme


def measured(**changes: object) -> Seconds | None:
    rules: Rules = rules_of(load_programme("ATS").policy.sampling)
    changed = rules.model_copy(update=changes)
    return seconds_of(changed, met_level=PRODUCT_MET_LEVEL, moderators=4_000, seed=SEED)


@pytest.fixture(scope="module")
def found() -> Seconds:
    seconds = measured()
    assert seconds is not None
    return seconds


class TestSeconds:
    """Source: moderation.md 9; docs/moderation.md prints these figures."""

    def test_cost_six_more_judgements_of_a_hundred(self, found: Seconds) -> None:
        assert found.disputed == pytest.approx(0.126, abs=0.003)
        assert found.drawn == pytest.approx(0.07 * (1 - found.disputed))

    def test_accuse_hardly_anybody_who_marks_well(self, found: Seconds) -> None:
        assert found.false_flags < 0.005

    def test_find_somebody_harsh_in_a_hundred_first_judgements(
        self, found: Seconds
    ) -> None:
        assert found.harsh_found > 0.99

    def test_are_the_same_from_the_same_seed(self, found: Seconds) -> None:
        assert measured() == found

    def test_cost_nothing_where_a_plan_has_none(self) -> None:
        assert measured(second_opinions_ppm=0) is None
        assert measured(detection=None) is None
