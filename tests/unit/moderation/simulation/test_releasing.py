"""The chance of releasing what should not be released, by the rule of the domain."""

import pytest

from services.moderation.simulation import releasing
from services.moderation.simulation.releasing import CASES, released


class TestReleased:
    @pytest.mark.parametrize(("population", "tolerated_ppm"), CASES)
    def test_keeps_to_the_risk_whenever_it_is_asked(
        self, population: int, tolerated_ppm: int
    ) -> None:
        """Source: statistics.md section 5, claim 4."""
        found = released(population, tolerated_ppm, repetitions=200)
        assert found.share <= found.allowed

    @pytest.mark.parametrize(
        ("population", "tolerated_ppm", "needed"),
        [
            (50, 100_000, 24),
            (100, 100_000, 28),
            (200, 100_000, 30),
            (500, 100_000, 32),
            (200, 50_000, 55),
            (500, 50_000, 60),
        ],
    )
    def test_needs_as_many_without_an_error_as_in_the_research(
        self, population: int, tolerated_ppm: int, needed: int
    ) -> None:
        """Source: statistics.md 2.8."""
        assert released(population, tolerated_ppm, repetitions=1).needed == needed

    def test_notices_a_rule_that_takes_too_much_risk(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that releases after twenty correct decisions in a row."""

        def hasty(correct: list[bool], **_: int) -> bool:
            return all(correct[:20]) and len(correct) >= 20

        monkeypatch.setattr(releasing, "may_release", hasty)
        found = released(200, 100_000, repetitions=200)
        assert found.share > found.allowed
