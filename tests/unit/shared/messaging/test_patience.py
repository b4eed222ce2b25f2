"""How often and how long a message is tried."""

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import (
    BadInputError,
    ConflictError,
    RuleViolatedError,
    UnavailableError,
)
from shared.messaging.consuming.patience import (
    HOPELESS,
    LONG,
    ORDINARY,
    Patience,
    patience_with,
)


class TestPatience:
    @pytest.mark.parametrize(
        ("error", "patience"),
        [
            (RuleViolatedError(), HOPELESS),
            (BadInputError(), HOPELESS),
            (UnavailableError(), LONG),
            (ConflictError(), LONG),
            (ConnectionResetError(), LONG),
            (asyncpg.DeadlockDetectedError(), LONG),
            (RuntimeError(), ORDINARY),
            (TimeoutError(), LONG),
        ],
    )
    def test_depends_on_whether_trying_again_can_help(
        self, error: Exception, patience: Patience
    ) -> None:
        assert patience_with(error) is patience

    @given(st.uuids(), st.integers(min_value=1, max_value=20))
    def test_pauses_double_up_to_the_longest_and_are_spread(
        self, seed: object, failed_tries: int
    ) -> None:
        full = min(0.05 * 2 ** (failed_tries - 1), LONG.longest_pause_seconds)
        pause = LONG.pause_seconds(failed_tries, seed)  # type: ignore[arg-type]
        assert full / 2 <= pause <= full

    def test_ends_long_before_the_group_would_give_the_member_up(self) -> None:
        longest = sum(
            min(0.05 * 2 ** (tries - 1), LONG.longest_pause_seconds)
            for tries in range(1, LONG.tries)
        )
        assert longest < 60
