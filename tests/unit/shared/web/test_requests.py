"""Idempotency keys, digests of bodies, cursors and problem documents."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
import structlog
from fastapi import FastAPI, File, Form, UploadFile
from pydantic import BaseModel, SecretStr

from shared.errors import RuleViolatedError, UnavailableError
from shared.web.identity import Identities, service_token
from shared.web.issuer_keys import IssuerKeys
from shared.web.problems import install_problems
from shared.web.requests import Ask, Page, Paging, Reader, cursor

SECRET = SecretStr("s" * 32)


class Body(BaseModel):
    level: int


class Projection:
    """As far as 10."""

    async def reached(self, position: int) -> bool:
        return position <= 10


def app_under_test() -> FastAPI:
    app = FastAPI()
    install_problems(app)
    app.state.projector = Projection()
    app.state.request_digest = bytes

    @app.post("/things")
    async def things(body: Body, ask: Ask) -> dict[str, str]:
        if body.level > 4:
            raise RuleViolatedError(level=body.level)
        assert ask.cause.request is not None
        return _named(ask)

    @app.post("/files")
    async def files(
        ask: Ask, file: Annotated[UploadFile, File()], name: Annotated[str, Form()]
    ) -> dict[str, str]:
        content = await file.read()
        return {**_named(ask), "read": str(len(content)), "name": name}

    @app.post("/decisions")
    async def decisions(ask: Ask) -> dict[str, str | None]:
        before = ask.cause.role
        ask.require("moderator", "service")
        return {
            "before": before,
            "after": ask.cause.role,
            "traceparent": ask.cause.traceparent,
        }

    @app.get("/numbers")
    async def numbers(_: Reader, page: Paging) -> Page[int]:
        first = int(page.after[0]) + 1 if page.after else 1
        rows = list(range(first, 8))[: page.limit + 1]
        return page.of(rows, key=lambda number: (str(number),))

    @app.get("/away")
    async def away(_: Reader) -> None:
        raise UnavailableError(service="review")

    @app.get("/bug")
    async def bug(_: Reader) -> None:
        raise KeyError("secret text")

    return app


def _named(ask: Ask) -> dict[str, str]:
    assert ask.cause.request is not None
    return {
        "command_id": str(ask.cause.command_id),
        "digest": ask.cause.request.body_sha256.hex(),
    }


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = app_under_test()
    async with httpx.AsyncClient() as issuer_http:
        app.state.identities = Identities(
            issuer="http://127.0.0.1:1",
            service_secret=SECRET,
            keys=IssuerKeys("http://127.0.0.1:1", issuer_http),
        )
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://here",
            headers={"Authorization": f"Bearer {service_token('review', SECRET)}"},
        ) as client:
            yield client


async def posted(
    http: httpx.AsyncClient, path: str, key: str = "key-0001", **request: Any
) -> httpx.Response:
    return await http.post(path, headers={"Idempotency-Key": key}, **request)


class TestAsk:
    async def test_needs_an_idempotency_key(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/things", json={"level": 3})
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:attest:problem:MissingIdempotencyKey"

    async def test_derives_the_same_command_from_the_same_key(
        self, http: httpx.AsyncClient
    ) -> None:
        first = await posted(http, "/things", json={"level": 3})
        again = await posted(http, "/things", json={"level": 3})
        other = await posted(http, "/things", key="key-0002", json={"level": 3})
        assert first.json() == again.json()
        assert first.json()["command_id"] != other.json()["command_id"]

    async def test_tells_another_body_under_the_same_key(
        self, http: httpx.AsyncClient
    ) -> None:
        first = await posted(http, "/things", json={"level": 3})
        other = await posted(http, "/things", json={"level": 2})
        assert first.json()["digest"] != other.json()["digest"]

    async def test_digests_files_whatever_the_boundary_between_parts(
        self, http: httpx.AsyncClient
    ) -> None:
        request: dict[str, Any] = {
            "files": {"file": ("a.docx", b"content")},
            "data": {"name": "Ana"},
        }
        first = await posted(http, "/files", **request)
        again = await posted(http, "/files", **request)
        other = await posted(
            http, "/files", files={"file": ("a.docx", b"other")}, data={"name": "Ana"}
        )
        assert first.json() == again.json()
        assert first.json()["read"] == "7"
        assert first.json()["digest"] != other.json()["digest"]

    async def test_needs_an_identity(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/things", headers={"Authorization": ""}, json={})
        assert answer.status_code == 401


class TestAsked:
    async def test_carries_the_role_by_which_it_was_allowed(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = (await posted(http, "/decisions")).json()
        assert (answer["before"], answer["after"]) == ("none", "service")

    @pytest.mark.parametrize(
        "traceparent",
        [
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        ],
    )
    async def test_carries_the_trace_it_belongs_to(
        self, http: httpx.AsyncClient, traceparent: str
    ) -> None:
        headers = {"Idempotency-Key": "key-0001", "traceparent": traceparent}
        answer = await http.post("/decisions", headers=headers)
        assert answer.json()["traceparent"] == traceparent

    @pytest.mark.parametrize(
        "traceparent",
        [
            "Ana Example",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-" + "4bf92f35" * 40 + "-00f067aa0ba902b7-01",
        ],
    )
    async def test_keeps_no_trace_that_is_malformed(
        self, http: httpx.AsyncClient, traceparent: str
    ) -> None:
        """It would stay in the log for ever. Source: W3C Trace Context, 4.3."""
        headers = {"Idempotency-Key": "key-0001", "traceparent": traceparent}
        answer = await http.post("/decisions", headers=headers)
        assert (answer.status_code, answer.json()["traceparent"]) == (200, None)


class TestPage:
    async def test_leads_through_all_rows(self, http: httpx.AsyncClient) -> None:
        seen: list[int] = []
        after: str | None = None
        for _ in range(4):
            query = {"limit": "3"} | ({"after": after} if after else {})
            page = (await http.get("/numbers", params=query)).json()
            seen += page["items"]
            after = page["next"]
            if after is None:
                break
        assert seen == [1, 2, 3, 4, 5, 6, 7]

    async def test_says_that_it_is_catching_up(self, http: httpx.AsyncClient) -> None:
        reached = await http.get("/numbers", headers={"Attest-Position": "10"})
        behind = await http.get("/numbers", headers={"Attest-Position": "11"})
        assert reached.json()["catching_up"] is False
        assert behind.json()["catching_up"] is True

    async def test_refuses_a_cursor_that_is_not_ours(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await http.get("/numbers", params={"after": "%%%"})
        assert answer.json()["type"] == "urn:attest:problem:MalformedCursor"

    def test_keeps_every_part_of_a_key(self) -> None:
        assert cursor(("2026-01-01", "c-1")) != cursor(("2026-01-01c-1", ""))


class TestProblems:
    async def test_names_the_rule_and_its_numbers(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await posted(http, "/things", json={"level": 9})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["context"] == {"level": 9}

    async def test_names_a_malformed_field_without_repeating_it(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await posted(http, "/things", json={"level": "my secret"})
        assert answer.json()["fields"][0]["field"] == "body.level"
        assert "my secret" not in answer.text

    async def test_tells_nothing_about_a_bug(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/bug")
        assert answer.status_code == 500
        assert "secret" not in answer.text

    @pytest.mark.parametrize(
        ("path", "reason"), [("/bug", "KeyError"), ("/away", "UnavailableError")]
    )
    async def test_logs_what_is_our_fault_without_what_was_said(
        self, http: httpx.AsyncClient, path: str, reason: str
    ) -> None:
        with structlog.testing.capture_logs() as lines:
            await http.get(path)
        (line,) = lines
        assert (line["event"], line["path"], line["reason"]) == (
            "request.failed",
            path,
            reason,
        )
        assert "test_requests.py" in line["frames"][-1]
        assert "secret text" not in str(line)

    async def test_logs_no_refusal(self, http: httpx.AsyncClient) -> None:
        with structlog.testing.capture_logs() as lines:
            await posted(http, "/things", json={"level": 9})
        assert lines == []

    async def test_answers_an_unknown_path_with_a_problem(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await http.get("/nowhere")
        assert answer.headers["content-type"] == "application/problem+json"
