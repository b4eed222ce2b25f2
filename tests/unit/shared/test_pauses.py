"""Pauses grow, stay below their limit, and differ."""

import pytest

from shared.pauses import pause_seconds


class TestPauseSeconds:
    @pytest.mark.parametrize(("failures", "limit"), [(1, 1), (2, 2), (3, 4), (99, 5)])
    def test_stays_below_a_limit_that_doubles(
        self, failures: int, limit: float
    ) -> None:
        found = [
            pause_seconds(failures, first_seconds=1, longest_seconds=5)
            for _ in range(100)
        ]
        assert min(found) >= 0
        assert limit / 2 < max(found) <= limit

    def test_is_not_the_same_for_everybody(self) -> None:
        found = {
            pause_seconds(3, first_seconds=1, longest_seconds=5) for _ in range(20)
        }
        assert len(found) > 1
