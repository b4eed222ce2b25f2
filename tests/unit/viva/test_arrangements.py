"""What viva asks submission at a booking."""

from datetime import date

import httpx
import pytest
from pydantic import SecretStr

from services.viva.handlers import Arrangements
from shared.errors import UnavailableError
from shared.web.calling import ServiceCaller

DAY = date(2026, 6, 10)


async def asked(status: int, body: object) -> tuple[tuple[str, ...], list[str]]:
    """Return what is understood of an answer, and what was asked for it."""
    paths = []

    def answer(request: httpx.Request) -> httpx.Response:
        paths.append(str(request.url))
        return httpx.Response(status, json=body)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        caller = ServiceCaller(
            name="viva",
            urls={"submission": "http://submission.test"},
            secret=SecretStr("between-services-" + "0" * 32),
            http=http,
        )
        return await Arrangements(caller)("case-1", DAY), paths


class TestArrangements:
    async def test_are_asked_for_the_day_of_the_viva(self) -> None:
        """Source: S2 6.2.2; architecture.md, "HTTP, time, drafts"."""
        found, paths = await asked(200, {"viva": ["extra_time"]})
        assert found == ("extra_time",)
        assert paths == [
            "http://submission.test/internal/cases/case-1/arrangements?on=2026-06-10"
        ]

    async def test_are_none_where_submission_knows_of_no_case(self) -> None:
        found, _ = await asked(404, {})
        assert found == ()

    @pytest.mark.parametrize(
        ("status", "body"), [(200, {"viva": None}), (200, {}), (503, {}), (403, {})]
    )
    async def test_are_never_taken_for_none_when_nobody_answers(
        self, status: int, body: object
    ) -> None:
        """A viva is not booked shorter than agreed because a service was away."""
        with pytest.raises(UnavailableError):
            await asked(status, body)
