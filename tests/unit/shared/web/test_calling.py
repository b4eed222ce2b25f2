"""What one service makes of another's answer."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from pydantic import SecretStr

from shared.errors import NotFoundError, ServiceError, UnavailableError
from shared.web.calling import (
    RefusedByServiceError,
    ServiceCaller,
    TokenNotAcceptedError,
)

PROBLEM = {
    "type": "urn:attest:problem:AddressTaken",
    "title": "This address belongs to somebody else.",
    "status": 422,
    "context": {"person_id": "rita"},
}


@asynccontextmanager
async def calling(
    answer: Callable[[httpx.Request], httpx.Response],
) -> AsyncIterator[ServiceCaller]:
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport) as http:
        yield ServiceCaller(
            name="operations",
            urls={"submission": "http://submission.test/"},
            secret=SecretStr("s" * 32),
            http=http,
        )


async def error_for(response: httpx.Response) -> ServiceError:
    async with calling(lambda _: response) as call:
        with pytest.raises(ServiceError) as raised:
            await call.post("submission", "/internal/people", {}, key="key-0001")
    return raised.value


class TestServiceCaller:
    async def test_sends_a_token_a_body_and_a_key(self) -> None:
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(201, json={"position": 3})

        async with calling(answer) as call:
            found = await call.post("submission", "/internal/people", {}, key="k-1")
        assert found == {"position": 3}
        (request,) = seen
        assert str(request.url) == "http://submission.test/internal/people"
        assert request.headers["Idempotency-Key"] == "k-1"
        assert request.headers["Authorization"].startswith("Bearer ")

    @pytest.mark.parametrize("status", [400, 409, 413, 422])
    async def test_carries_why_it_was_refused(self, status: int) -> None:
        error = await error_for(httpx.Response(status, json=PROBLEM))
        assert isinstance(error, RefusedByServiceError)
        assert error.context == {
            "service": "submission",
            "status": status,
            "code": "AddressTaken",
            "title": "This address belongs to somebody else.",
        }

    async def test_needs_no_problem_document(self) -> None:
        error = await error_for(httpx.Response(400, text="no JSON"))
        assert isinstance(error, RefusedByServiceError)
        assert error.context["code"] == ""

    async def test_says_that_there_is_no_such_thing(self) -> None:
        assert isinstance(await error_for(httpx.Response(404)), NotFoundError)

    @pytest.mark.parametrize("status", [401, 403])
    async def test_says_that_the_secret_differs(self, status: int) -> None:
        error = await error_for(httpx.Response(status, json=PROBLEM))
        assert isinstance(error, TokenNotAcceptedError)

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
    async def test_takes_the_rest_for_no_answer(self, status: int) -> None:
        error = await error_for(httpx.Response(status))
        assert type(error) is UnavailableError

    async def test_tells_no_more_than_the_name_of_a_failure(self) -> None:
        def fail(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("secret text")

        async with calling(fail) as call:
            with pytest.raises(UnavailableError) as raised:
                await call.get("submission", "/")
        assert raised.value.context == {
            "service": "submission",
            "reason": "ConnectError",
        }
