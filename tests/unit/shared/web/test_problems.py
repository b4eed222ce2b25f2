"""Which status an error has outside, and what of it may be read there."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from shared.errors import ConflictError
from shared.web.problems import MEDIA_TYPE, install_problems


async def answer_to(error: Exception) -> httpx.Response:
    app = FastAPI()
    install_problems(app)

    @app.get("/")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as http:
        return await http.get("/")


class TestProblems:
    @pytest.mark.parametrize(
        "error",
        [
            ConnectionRefusedError("secret"),
            asyncpg.ConnectionDoesNotExistError("secret"),
            asyncpg.CannotConnectNowError("secret"),
            asyncpg.TooManyConnectionsError("secret"),
            asyncpg.InterfaceError("secret"),
            asyncpg.InternalClientError("secret"),
        ],
        ids=lambda error: type(error).__name__,
    )
    async def test_ask_to_try_again_while_the_database_is_away(
        self, error: Exception
    ) -> None:
        answer = await answer_to(error)
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:attest:problem:Unavailable"
        assert "secret" not in answer.text

    @pytest.mark.parametrize(
        "error",
        [
            ValueError("secret"),
            FileNotFoundError("secret"),
            asyncpg.UndefinedTableError("secret"),
        ],
        ids=lambda error: type(error).__name__,
    )
    async def test_call_a_bug_a_bug_and_tell_no_more(self, error: Exception) -> None:
        answer = await answer_to(error)
        assert answer.status_code == 500
        assert "secret" not in answer.text

    async def test_carry_the_context_of_a_refusal(self) -> None:
        answer = await answer_to(ConflictError(stream="case-1"))
        assert answer.status_code == 409
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["context"] == {"stream": "case-1"}
