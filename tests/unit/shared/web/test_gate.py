"""A body is read for somebody, or not at all."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel, SecretStr

from shared.web.gate import RECEIVED_AT, Gate
from shared.web.identity import Identities, Identity, service_token
from shared.web.issuer_keys import IssuerKeys
from shared.web.problems import MEDIA_TYPE, install_problems
from shared.web.requests import Reader

SECRET = SecretStr("s" * 32)
ISSUER = "http://127.0.0.1:1"


class Form(BaseModel):
    text: str


class Counting(Identities):
    """Counts how often a token is looked at."""

    asked = 0

    async def identify(self, authorization: str | None) -> Identity:
        self.asked += 1
        return await super().identify(authorization)


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    app = FastAPI()
    install_problems(app)
    app.add_middleware(Gate, body_bytes=5_000)

    @app.post("/things")
    async def things(request: Request, reader: Reader) -> int:
        return len(await request.body())

    @app.post("/files", max_body_size=20_000)
    async def files(request: Request, reader: Reader) -> int:
        return len(await request.body())

    @app.post("/forms")
    async def forms(form: Form, reader: Reader) -> str:
        return form.text

    @app.get("/things/{name}")
    async def thing(name: str) -> str:
        return name

    async with httpx.AsyncClient() as issuer:
        keys = IssuerKeys(ISSUER, issuer)
        app.state.identities = Counting(issuer=ISSUER, service_secret=SECRET, keys=keys)
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        yield http


class Body:
    """A body that tells how much of it was taken."""

    def __init__(self, chunks: int) -> None:
        self.left = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.left:
            self.left -= 1
            yield b"x" * 1000


def bearer(secret: SecretStr = SECRET) -> dict[str, str]:
    return {"Authorization": f"Bearer {service_token('review', secret)}"}


class TestGate:
    @pytest.mark.parametrize(
        "headers", [{}, {"Authorization": "Bearer x"}, bearer(SecretStr("x" * 32))]
    )
    async def test_reads_nothing_for_nobody(
        self, http: httpx.AsyncClient, headers: dict[str, str]
    ) -> None:
        body = Body(100)
        answer = await http.post("/things", content=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert body.left == 100

    async def test_refuses_nobody_whatever_length_is_announced(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await http.post("/things", content=b"x", headers={"X": "y"})
        assert answer.status_code == 401

    async def test_lets_a_body_through_for_somebody_and_asks_once(
        self, http: httpx.AsyncClient, app: FastAPI
    ) -> None:
        answer = await http.post("/things", content=Body(3), headers=bearer())
        assert (answer.status_code, answer.json()) == (200, 3000)
        assert app.state.identities.asked == 1

    async def test_leaves_a_request_without_a_body_to_its_route(
        self, http: httpx.AsyncClient
    ) -> None:
        assert (await http.get("/things/one")).json() == "one"
        assert (await http.post("/things")).status_code == 401

    @pytest.mark.parametrize(
        ("path", "limit_bytes"), [("/things", 5_000), ("/files", 20_000)]
    )
    async def test_lets_a_body_through_up_to_the_limit_of_the_route(
        self, http: httpx.AsyncClient, path: str, limit_bytes: int
    ) -> None:
        fits = await http.post(path, content=b"x" * limit_bytes, headers=bearer())
        assert fits.json() == limit_bytes

    @pytest.mark.parametrize("path", ["/things", "/files", "/forms"])
    @pytest.mark.parametrize("is_announced", [True, False])
    async def test_refuses_a_body_over_the_limit_of_the_route(
        self, http: httpx.AsyncClient, path: str, *, is_announced: bool
    ) -> None:
        body = Body(100)
        content = b"x" * 100_000 if is_announced else body
        answer = await http.post(path, content=content, headers=bearer())
        assert answer.status_code == 413
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["type"] == "urn:attest:problem:TooLarge"
        assert body.left >= 100 - 21

    async def test_says_what_the_limit_is(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/files", content=b"x" * 30_000, headers=bearer())
        assert answer.json()["context"] == {"limit_bytes": 20_000}

    async def test_asks_who_sends_too_much_first(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/things", content=b"x" * 6_000)
        assert answer.status_code == 401

    @pytest.mark.parametrize("path", ["/things/a%00b", "/things/a?after=%00"])
    async def test_refuses_a_zero_byte_in_the_address(
        self, http: httpx.AsyncClient, path: str
    ) -> None:
        answer = await http.get(path)
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:attest:problem:UnwritableAddress"

    async def test_reads_a_body_for_an_address_that_is_a_link_of_ours(
        self, app: FastAPI, http: httpx.AsyncClient
    ) -> None:
        @app.post("/links/{token}")
        async def link(token: str, request: Request) -> int:
            return len(await request.body())

        app.state.holds_a_link = lambda path: path == "/links/ours"
        ours = await http.post("/links/ours", content=b"words")
        assert (ours.status_code, ours.json()) == (200, 5)
        assert (await http.post("/links/other", content=b"words")).status_code == 401
        assert (await http.post("/things", content=b"words")).status_code == 401


async def test_notes_when_a_request_arrived_before_its_body_is_read(
    app: FastAPI,
) -> None:
    """Source: architecture.md: receipt is the time at the edge."""
    arrived = datetime(2026, 3, 31, 22, 59, 59, tzinfo=UTC)
    times = [arrived]
    app.state.clock = lambda: times[-1]
    noted: list[object] = []

    @app.post("/late")
    async def late(request: Request, reader: Reader) -> int:
        noted.append(request.scope[RECEIVED_AT])
        return len(await request.body())

    async def slowly() -> AsyncIterator[bytes]:
        yield b"half"
        times.append(arrived + timedelta(minutes=5))
        yield b"rest"

    token = service_token("review", SECRET)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        answer = await http.post(
            "/late", content=slowly(), headers={"Authorization": f"Bearer {token}"}
        )
    assert (answer.json(), noted) == (8, [arrived])
