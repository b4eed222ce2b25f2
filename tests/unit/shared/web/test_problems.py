"""Which status an error has outside, and what of it may be read there."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from pydantic import BaseModel, ConfigDict
from structlog.testing import capture_logs

from shared.errors import ConflictError, NotAuthenticatedError
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


class Marked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    level: int


def refused(problem: str, status: int) -> float:
    """Return how many requests were answered so."""
    labels = {"problem": problem, "status": str(status)}
    return REGISTRY.get_sample_value("attest_requests_refused_total", labels) or 0.0


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
        assert answer.headers["retry-after"] == "5"
        assert "secret" not in answer.text

    async def test_say_how_to_sign_in(self) -> None:
        """Source: RFC 9110, 11.6.1: a 401 names at least one scheme."""
        answer = await answer_to(NotAuthenticatedError())
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        others = await answer_to(ConflictError(stream="case-1"))
        assert "www-authenticate" not in others.headers
        assert "retry-after" not in others.headers

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
        assert answer.headers["cache-control"] == "no-store"

    async def test_carry_the_context_of_a_refusal(self) -> None:
        answer = await answer_to(ConflictError(stream="case-1"))
        assert answer.status_code == 409
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["context"] == {"stream": "case-1"}

    async def test_are_counted_where_operations_look(self) -> None:
        before = refused("Conflict", 409)
        await answer_to(ConflictError(stream="case-1"))
        assert refused("Conflict", 409) == before + 1

    async def test_of_what_is_malformed_leave_a_line_without_what_was_sent(
        self,
    ) -> None:
        app = FastAPI()
        install_problems(app)

        @app.post("/reviews/{review_id}")
        async def judge(review_id: str, body: Marked) -> str:
            return f"{review_id} {body.level}"

        before = refused("MalformedRequest", 422)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
            with capture_logs() as lines:
                sent = {"level": "secret", "secret": "secret"}
                answer = await http.post("/reviews/secret", json=sent)
        assert answer.status_code == 422
        assert refused("MalformedRequest", 422) == before + 1
        (line,) = lines
        assert (line["event"], line["fields"]) == ("request.malformed", 2)
        assert line["route"] == "/reviews/{review_id}"
        assert "secret" not in str(line)
