"""What is due is done one by one: what fails keeps nobody else."""

from datetime import UTC, datetime
from typing import Any, cast

import asyncpg
import pytest

from services.review.clocks import lapse_due
from services.review.domain.commands import LapseClaim
from services.review.handlers import Claims
from shared.database import Pool
from shared.errors import BadInputError, UnavailableError
from shared.handling import Cause

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)


class Due:
    """A pool that finds three ended leases."""

    async def fetch(self, *_: object) -> list[dict[str, Any]]:
        return [{"review_id": f"r{number}", "token": 1} for number in range(3)]


class Lapsing:
    """Takes reviews back, except the one that fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.taken: list[str] = []

    async def lapse(self, review_id: str, _: LapseClaim, __: Cause) -> None:
        if review_id == "r1":
            raise self.error
        self.taken.append(review_id)


async def lapse_with(lapsing: Lapsing) -> int:
    return await lapse_due(cast(Claims, lapsing), cast(Pool, Due()), lambda: NOW)


class TestLapseDue:
    @pytest.mark.parametrize("error", [BadInputError(), RuntimeError("unforeseen")])
    async def test_goes_on_after_one_that_fails(self, error: Exception) -> None:
        lapsing = Lapsing(error)
        assert await lapse_with(lapsing) == 2
        assert lapsing.taken == ["r0", "r2"]

    @pytest.mark.parametrize(
        "error", [UnavailableError(), asyncpg.CannotConnectNowError()]
    )
    async def test_stops_when_all_would_fail(self, error: Exception) -> None:
        lapsing = Lapsing(error)
        with pytest.raises(type(error)):
            await lapse_with(lapsing)
        assert lapsing.taken == ["r0"]
