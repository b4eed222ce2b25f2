"""What is due is done one by one: what fails keeps nobody else."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

import asyncpg
import pytest

from services.review.clocks import lapse_due, overdue_due
from services.review.domain.commands import LapseClaim
from services.review.handlers import Claims
from shared.database import Pool
from shared.errors import BadInputError, UnavailableError
from shared.handling import Cause

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


Looking: TypeAlias = "Callable[[Lapsing], Awaitable[int]]"


class Due:
    """A pool that finds three reviews of which something is due."""

    async def fetch(self, *_: object) -> list[dict[str, Any]]:
        return [
            {"review_id": f"r{number}", "token": 1, "due_at": NOW}
            for number in range(3)
        ]


class Lapsing:
    """Takes reviews back, except the one that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.taken: list[str] = []
        self.held: str | None = None

    async def lapse(self, review_id: str, _: LapseClaim, __: Cause) -> None:
        if review_id == "r1":
            raise self.error
        self.taken.append(review_id)

    async def is_held(self, review_id: str) -> bool:
        return review_id == self.held

    async def mark_overdue(self, review_id: str, _: datetime, __: Cause) -> None:
        await self.lapse(review_id, LapseClaim(token=1, at=NOW), __)


async def mark_with(lapsing: Lapsing) -> int:
    return await overdue_due(cast(Claims, lapsing), cast(Pool, Due()), lambda: NOW)


async def lapse_with(lapsing: Lapsing) -> int:
    return await lapse_due(cast(Claims, lapsing), cast(Pool, Due()), lambda: NOW)


@pytest.mark.parametrize("due", [lapse_with, mark_with])
class TestWhatIsDue:
    @pytest.mark.parametrize("error", [BadInputError(), RuntimeError("unforeseen")])
    async def test_goes_on_after_one_that_fails(
        self, due: Looking, error: Exception
    ) -> None:
        lapsing = Lapsing(error)
        assert await due(lapsing) == 2
        assert lapsing.taken == ["r0", "r2"]

    @pytest.mark.parametrize(
        "error", [UnavailableError(), asyncpg.CannotConnectNowError()]
    )
    async def test_stops_when_all_would_fail(
        self, due: Looking, error: Exception
    ) -> None:
        lapsing = Lapsing(error)
        with pytest.raises(type(error)):
            await due(lapsing)
        assert lapsing.taken == ["r0"]


async def test_what_is_held_is_not_marked_again_and_again() -> None:
    """Source: domain.md section 3: no clock runs out while it stands still."""
    lapsing = Lapsing(BadInputError())
    lapsing.held = "r2"
    await mark_with(lapsing)
    assert lapsing.taken == ["r0"]
