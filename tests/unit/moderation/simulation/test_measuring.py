"""What plans find and cost, against the figures of the research.

The full volume, with every figure that is claimed, is measured by
``benchmarks.detection``; here fewer reviewers, from a fixed seed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services.moderation.domain.detection import DETECTION, Detection
from services.moderation.simulation.calibrating import escalating
from services.moderation.simulation.marking import FAULTS, Marking
from services.moderation.simulation.measuring import Measured, Trial, measure
from services.moderation.simulation.policies import (
    RESEARCH,
    A,
    G,
    H,
    Policy,
)
from services.moderation.simulation.populations import RESEARCH_MET_LEVEL, Volume

_FILE = Path(__file__).parents[3] / "data" / "simulation_checks.json"
CHECKS: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
"""What the research found of its policies, by volume and letter, with its alarms."""

FEW = 100
"""With fewer portfolios it shows that blocks begin behind the first judgements."""


def figures(policy: Policy, portfolios: int = 100) -> Any:
    """Return what the research found of *policy*."""
    return CHECKS["portfolios"][str(portfolios)][policy.name[0]]


def research(*policies: Policy) -> list[Trial]:
    return [Trial(policy=each, met_level=RESEARCH_MET_LEVEL) for each in policies]


@pytest.fixture(scope="module")
def measured() -> Mapping[Policy, Measured]:
    found = measure(research(*RESEARCH), Volume(faulty=1_600))
    return {each.trial.policy: each for each in found}


@pytest.mark.parametrize("policy", RESEARCH, ids=lambda policy: policy.name)
class TestPolicy:
    def test_finds_as_many_as_in_the_research(
        self, policy: Policy, measured: Mapping[Policy, Measured]
    ) -> None:
        """Its own alarms were set by other reviewers: within four points."""
        found = {fault: measured[policy].faults[fault].power for fault in FAULTS}
        assert found == pytest.approx(figures(policy)["power"], abs=0.04)

    def test_moderates_as_much_as_in_the_research(
        self, policy: Policy, measured: Mapping[Policy, Measured]
    ) -> None:
        cost = measured[policy].moderated_per_100
        assert cost == pytest.approx(figures(policy)["moderated"], abs=0.4)

    def test_flags_about_one_good_reviewer_in_a_hundred(
        self, policy: Policy, measured: Mapping[Policy, Measured]
    ) -> None:
        assert measured[policy].good.power < 0.015


@pytest.fixture(scope="module", params=(20, 50, 100, 200))
def portfolios(request: pytest.FixtureRequest) -> int:
    """How many each reviewer marks."""
    number: int = request.param
    return number


@pytest.fixture(scope="module")
def repeated(portfolios: int) -> Mapping[Policy, Measured]:
    """Return what is found by the alarms of the research, with as many reviewers."""
    trials = [
        Trial(
            policy=policy,
            met_level=RESEARCH_MET_LEVEL,
            detection=alarmed(policy, portfolios),
        )
        for policy in RESEARCH
    ]
    found = measure(trials, Volume(portfolios=portfolios, faulty=4_000), seed=3)
    return {each.trial.policy: each for each in found}


def alarmed(policy: Policy, portfolios: int) -> Detection:
    """Return charts with the alarms that the research set for *policy*."""
    severity, dispersion, overturns = (
        round(1_000 * alarm) for alarm in figures(policy, portfolios)["alarms"]
    )
    charts = {
        "severity": DETECTION.severity.model_copy(update={"alarm": severity}),
        "dispersion": DETECTION.dispersion.model_copy(update={"alarm": dispersion}),
        "overturns": DETECTION.overturns.model_copy(update={"alarm": overturns}),
    }
    return escalating(DETECTION.model_copy(update=charts), policy)


@pytest.mark.parametrize("policy", RESEARCH, ids=lambda policy: policy.name)
class TestResearch:
    """Its alarms on other reviewers, made alike: every figure to its tolerance."""

    def test_is_found_again_in_power_and_false_flags(
        self, policy: Policy, portfolios: int, repeated: Mapping[Policy, Measured]
    ) -> None:
        found, expected = repeated[policy], figures(policy, portfolios)
        power = {fault: found.faults[fault].power for fault in FAULTS}
        near = CHECKS["tolerance"]
        is_alike = policy.block_size is None or portfolios >= FEW
        assert power == pytest.approx(expected["power"], abs=near if is_alike else 0.04)
        assert found.good.power == pytest.approx(expected["false_flags"], abs=near / 5)

    def test_is_found_again_in_cost_and_delay(
        self, policy: Policy, portfolios: int, repeated: Mapping[Policy, Measured]
    ) -> None:
        found, expected = repeated[policy], figures(policy, portfolios)
        cost = pytest.approx(expected["moderated"], rel=0.01, abs=0.25)
        assert found.moderated_per_100 == cost
        for fault, delay in expected["median_delay"].items():
            theirs = found.faults[fault].median_delay
            assert theirs == (delay and pytest.approx(delay, rel=0.06, abs=1))

    def test_is_found_again_in_what_escapes(
        self, policy: Policy, portfolios: int, repeated: Mapping[Policy, Measured]
    ) -> None:
        escaped = {fault: repeated[policy].faults[fault].escaped for fault in FAULTS}
        expected = figures(policy, portfolios)["escaped"]
        assert escaped == pytest.approx(expected, rel=0.1, abs=portfolios / 500)


class TestPlanG:
    """Source: statistics.md section 5, claim 1."""

    def test_finds_19_in_20_of_every_fault_with_17_moderations_in_a_hundred(
        self, measured: Mapping[Policy, Measured]
    ) -> None:
        found = measured[G]
        assert min(each.power for each in found.faults.values()) >= 0.95
        assert found.moderated_per_100 <= 17
        assert found.good.power <= 0.015

    def test_finds_what_does_not_drift_within_a_fifth_of_the_work(
        self, measured: Mapping[Policy, Measured]
    ) -> None:
        delays = {
            name: found.median_delay
            for name, found in measured[G].faults.items()
            if not FAULTS[name].drifts
        }
        assert all(delay is not None and delay <= 18 for delay in delays.values())


class TestPlanH:
    def test_finds_9_in_10_of_every_fault_with_12_and_a_half_moderations(
        self, measured: Mapping[Policy, Measured]
    ) -> None:
        """Source: statistics.md section 5, claim 2."""
        found = measured[H]
        assert min(each.power for each in found.faults.values()) >= 0.90
        assert found.moderated_per_100 <= 12.5
        assert found.seeds_per_100 == pytest.approx(5, abs=0.2)


class TestLag:
    def test_lets_alarms_come_later(self) -> None:
        prompt, late = (
            measure(research(G), Volume(faulty=400, lag=lag))[0] for lag in (0, 10)
        )
        for fault in ("mild harsh", "harsh", "careless"):
            first = prompt.faults[fault].median_delay
            later = late.faults[fault].median_delay
            assert first is not None
            assert later is not None
            assert later >= first + 10
        assert late.good.power < 0.02

    def test_ends_with_everything_moderated(self) -> None:
        """Nothing is released before, so an alarm still comes at the end."""
        volume = Volume(portfolios=30, faulty=100, lag=30)
        (found,) = measure(research(G), volume)
        assert found.faults["harsh"].power > 0.9
        assert found.faults["harsh"].median_delay == 30


class TestMeasuring:
    def test_gives_the_same_figures_from_the_same_seed(self) -> None:
        volume = Volume(portfolios=30, faulty=40)
        first, again = (measure(research(A, G), volume, seed=5) for _ in range(2))
        assert first == again
        assert measure(research(A, G), volume, seed=6) != first

    def test_keeps_the_order_of_the_trials(self) -> None:
        trials = [
            Trial(policy=G, met_level=3),
            Trial(policy=A, met_level=2),
            Trial(policy=G, met_level=2),
        ]
        found = measure(trials, Volume(portfolios=10, faulty=20))
        assert [each.trial for each in found] == trials

    def test_uses_the_charts_that_a_plan_brings(self) -> None:
        volume = Volume(portfolios=30, faulty=40)
        (own,) = measure(research(G), volume)
        deaf = own.detection.model_copy(
            update={
                name: getattr(own.detection, name).model_copy(update={"alarm": 999_999})
                for name in ("severity", "dispersion", "overturns")
            }
        )
        trial = Trial(policy=G, met_level=RESEARCH_MET_LEVEL, detection=deaf)
        (found,) = measure([trial], volume)
        assert found.detection == deaf
        assert found.good.power == 0
        assert found.faults["harsh"].power == 0
        assert found.faults["harsh"].median_delay is None

    def test_tells_how_far_it_is(self) -> None:
        told: list[tuple[int, int]] = []
        measure(
            research(A),
            Volume(portfolios=5, faulty=10),
            markings={"mild": Marking(severity=-0.1)},
            tell=lambda done, total: told.append((done, total)),
        )
        assert told == [(1, 3), (2, 3), (3, 3)]
