"""The plans that programmes ship keep what the charts claim, by the product's rule."""

from collections.abc import Mapping

import pytest

from services.moderation.domain.rules import Rules, rules_of
from services.moderation.simulation.marking import FAULTS
from services.moderation.simulation.measuring import Measured, Trial, measure
from services.moderation.simulation.plans import policy_of
from services.moderation.simulation.policies import A
from services.moderation.simulation.populations import PRODUCT_MET_LEVEL, Volume
from shared.programmes import load_programme, programmes

VOLUME = Volume(faulty=800)
DOUBTS = "authenticity_concern"


def trial(rules: Rules) -> Trial:
    return Trial(
        policy=policy_of(rules, "plan", met_level=PRODUCT_MET_LEVEL),
        met_level=PRODUCT_MET_LEVEL,
        detection=rules.detection,
    )


def shipped(code: str = "ATS") -> Rules:
    return rules_of(load_programme(code).policy.sampling)


def without_doubts() -> Rules:
    """Where doubts about authenticity are rarer than made-up portfolios have them."""
    rules = shipped()
    floors = tuple(each for each in rules.floors if each.rule != DOUBTS)
    assert len(floors) == len(rules.floors) - 1
    return rules.model_copy(update={"floors": floors})


@pytest.fixture(scope="module")
def measured() -> Mapping[str, Measured]:
    peer = Trial(policy=A, met_level=PRODUCT_MET_LEVEL)
    trials = (trial(shipped()), trial(without_doubts()), peer)
    names = ("shipped", "without doubts", "A")
    return dict(zip(names, measure(trials, VOLUME), strict=True))


@pytest.mark.parametrize("plan", ["shipped", "without doubts"])
class TestShippedPlan:
    """Source: statistics.md 3.3: at most one false flag in a hundred."""

    def test_flags_few_good_reviewers(
        self, plan: str, measured: Mapping[str, Measured]
    ) -> None:
        assert measured[plan].good.power <= 0.015

    @pytest.mark.parametrize("fault", FAULTS)
    def test_finds_19_in_20_of_every_fault(
        self, plan: str, fault: str, measured: Mapping[str, Measured]
    ) -> None:
        found = measured[plan].faults[fault]
        assert found.power >= 0.95
        assert found.power > measured["A"].faults[fault].power

    def test_lets_far_fewer_wrong_decisions_escape(
        self, plan: str, measured: Mapping[str, Measured]
    ) -> None:
        careless = {name: each.faults["careless"] for name, each in measured.items()}
        assert careless[plan].escaped < careless["A"].escaped / 4


def test_every_programme_ships_the_same_plan() -> None:
    codes = {programme.code for programme in programmes()}
    assert {repr(shipped(code)) for code in codes} == {repr(shipped())}
