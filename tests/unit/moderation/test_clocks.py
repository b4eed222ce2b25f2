"""What is late is marked one by one: what fails keeps nobody else."""

from datetime import UTC, datetime
from typing import Any, cast

import asyncpg
import pytest

from services.moderation.clocks import overdue_due
from services.moderation.handlers import Due
from shared.database import Pool
from shared.errors import BadInputError, UnavailableError
from shared.handling import Cause
from shared.holds import Hold, Holds

NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)


class Late:
    """A pool that finds three cases that may be late."""

    async def fetch(self, *_: object) -> list[dict[str, Any]]:
        return [
            {"case_id": f"c{number}", "attempt": 1, "due_at": NOW}
            for number in range(3)
        ]


class Marking:
    """Marks cases, except the one that fails."""

    def __init__(self, error: Exception, held: str | None = None) -> None:
        self.error = error
        self.held = held
        self.marked: list[str] = []

    async def holds_of(self, case_id: str) -> Holds:
        return Holds({"h1": Hold(NOW)} if case_id == self.held else {})

    async def mark_overdue(
        self, case_id: str, attempt: int, *, at: datetime, cause: Cause
    ) -> None:
        assert (attempt, at, cause.actor) == (1, NOW, "clock:moderation")
        if case_id == "c1":
            raise self.error
        self.marked.append(case_id)


async def mark_with(marking: Marking) -> int:
    return await overdue_due(cast(Due, marking), cast(Pool, Late()), lambda: NOW)


class TestWhatIsLate:
    @pytest.mark.parametrize("error", [BadInputError(), RuntimeError("unforeseen")])
    async def test_goes_on_after_one_that_fails(self, error: Exception) -> None:
        marking = Marking(error)
        assert await mark_with(marking) == 2
        assert marking.marked == ["c0", "c2"]

    @pytest.mark.parametrize(
        "error", [UnavailableError(), asyncpg.CannotConnectNowError()]
    )
    async def test_stops_when_all_would_fail(self, error: Exception) -> None:
        marking = Marking(error)
        with pytest.raises(type(error)):
            await mark_with(marking)
        assert marking.marked == ["c0"]

    async def test_leaves_in_peace_what_is_held(self) -> None:
        """Source: domain.md section 3: no clock runs out while it stands still."""
        marking = Marking(BadInputError(), held="c2")
        await mark_with(marking)
        assert marking.marked == ["c0"]
