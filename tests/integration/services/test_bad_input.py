"""Whatever comes over HTTP is answered or refused by name, and never ends in a failure.

Source: consoles.md, "HTTP APIs": no 500, whatever is sent.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import httpx
import pytest

from services.operations.people import LARGEST_LIST_BYTES
from shared.ids import new_id
from shared.vocabulary import Role
from shared.web.cursors import LARGEST_POSITION
from shared.web.gate import BODY_BYTES
from shared.web.requests import cursor
from tests.integration.services.journey import COHORT, open_cohort, operations, register
from tests.integration.services.test_who_may_what import BODIES, Line, lines, path_of
from tests.support.running_services import LEAKED_AT_STOP, Client, Running

pytestmark = pytest.mark.filterwarnings(LEAKED_AT_STOP)

HUGE = "9" * 30
CURSORS = (
    "no base64!",
    cursor(("\0",)),
    cursor(("a", "b", "c")),
    cursor(("2026-01-01T00:00:00", "naive")),
    cursor(("2026-01-01T00:00:00+00:00", "a\0")),
    cursor(("0001-01-01T00:00:00+14:00", "x")),
    cursor(("9999-12-31T23:59:59-14:00", "x")),
    cursor((HUGE,)),
    cursor((str(LARGEST_POSITION),)),
)
QUERIES: tuple[dict[str, str], ...] = (
    {"limit": "0"},
    {"limit": "501"},
    {"limit": HUGE},
    {"as_of": HUGE},
    {"category": "\0"},
    {"category": "'; DROP"},
    {"type": "\0"},
    {"cohort": "\0"},
    {"state": "\0"},
)
PLACES = ("%00", "a%00b", "%ff", "x" * 300, "%2e%2e", "-1", HUGE)
DOCUMENTS = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe",
    b'{"a": NaN}',
    b'"\\ud800"',
    b"[" * 100_000,
)
VALUES: tuple[object, ...] = (
    None, "", "\0", "a\0b", "\ud800", 10**30, -1, 1.5, True, [], {}, [1], {"a": "\0"},
    "x" * 100_000, "2026-99-99", "0001-01-01", "9999-12-31",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Idempotency-Key": "x" * 7},
    {"Idempotency-Key": "x" * 201},
    {"Idempotency-Key": "with a space"},
    {"Fencing-Token": HUGE},
    {"traceparent": "x" * 101},
)
LIST = b"id,name,email,organisation,roles\n"
LISTS = (
    b"\0",
    LIST + b"\0,a,b,c,d\n",
    LIST + b"a\n",
    LIST + b'"a',
    LIST + b"x" * 200_000 + b",a,b,c,d\n",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that nobody should send."""

    line: Line
    path: str
    more: dict[str, Any] = field(default_factory=dict)


def requests(places: dict[str, str]) -> Iterator[Sent]:
    for line in lines():
        path = path_of(line, places)
        yield from _with_places(line, places)
        if line.route.startswith("GET"):
            yield from (Sent(line, path, {"params": {"after": c}}) for c in CURSORS)
            yield from (Sent(line, path, {"params": query}) for query in QUERIES)
            yield Sent(line, path, {"headers": {"Attest-Position": HUGE}})
        else:
            yield from (Sent(line, path, {"content": text}) for text in _bodies(line))
            body = BODIES.get(line.route, {})
            for headers in HEADERS:
                yield Sent(line, path, {"json": body, "headers": headers})


def _with_places(line: Line, places: dict[str, str]) -> Iterator[Sent]:
    body = BODIES.get(line.route, {})
    more = {"json": body} if line.route.startswith(("POST", "PUT")) else {}
    for name in re.findall(r"{(\w+)}", line.route):
        for place in PLACES:
            yield Sent(line, path_of(line, {**places, name: place}), more)


def _bodies(line: Line) -> Iterator[bytes]:
    yield from LISTS if line.route == "POST /imports" else DOCUMENTS
    body = BODIES.get(line.route, {})
    assert isinstance(body, dict)
    for name in (*body, "surprise"):
        for value in VALUES:
            yield json.dumps({**body, name: value}).encode()


class Asking:
    """Sends requests as somebody who may do anything."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def client(self, line: Line) -> Client:
        for name in line.who:
            kind, _, service = name.partition(":")
            if kind == "service" and service:
                return self._running.as_service(line.service, service)
        roles = tuple(role for role in get_args(Role) if role != "service")
        return self._running.as_person(line.service, "ana", *roles)

    async def send(self, sent: Sent) -> httpx.Response:
        client = self.client(sent.line)
        more = dict(sent.more)
        headers = {
            "Authorization": f"Bearer {client.token}",
            "Idempotency-Key": str(new_id()),
            "Content-Type": "application/json",
            **more.pop("headers", {}),
        }
        method = sent.line.route.split()[0]
        return await client.http.request(method, sent.path, headers=headers, **more)

    async def failure(self, sent: Sent) -> str | None:
        """Return what went wrong; None when the request was answered or refused."""
        try:
            answer = await self.send(sent)
        except Exception as error:  # noqa: BLE001 - whatever an application lets out
            return f"{sent} {type(error).__name__}"
        is_named = answer.is_success or "title" in answer.json()
        is_kept = "no-store" not in answer.headers.get("Cache-Control", "")
        is_right = is_named and not is_kept and not answer.is_server_error
        return None if is_right else f"{sent} {answer}"


async def the_places(running: Running) -> dict[str, str]:
    """Make a cohort and a person, so that requests get as far as they can."""
    desk = operations(running)
    await open_cohort(desk, days=30)
    assert (await register(desk, "ana", "participant")).is_success
    case_id = f"c{new_id().hex[:20]}"
    return {
        "cohort_id": COHORT,
        "programme": "ATS",
        "case_id": case_id,
        "person_id": "ana",
        "item_id": "i1",
        "round_id": "june",
        "award_id": "ATS-2026-0000",
        "appeal_id": f"{case_id}.1",
        "hold_id": f"{case_id}.1",
        "key": "coaching",
        "form": "coaching",
        "token": f"{case_id}.r1.p1.1.{'A' * 43}",
        "attempt": "1",
        "review_id": f"{case_id}.1.1",
        "criterion": "authenticity",
        "evidence_id": "e1",
        "seed_id": f"s{0:020}",
        "notice_id": str(new_id()),
        "lane_id": str(new_id()),
    }


async def test_no_request_ends_in_a_failure(everything: Running) -> None:
    places = await the_places(everything)
    asking = Asking(everything)
    sent = [each for each in requests(places) if "rebuild" not in each.path]
    assert len(sent) > 1_500
    failures = [failure for each in sent if (failure := await asking.failure(each))]
    assert failures == []


class TestTooLarge:
    """At its limit a request is read, one byte over it is refused by name."""

    @pytest.mark.parametrize(
        ("route", "limit_bytes"),
        [("POST /people", BODY_BYTES), ("POST /imports", LARGEST_LIST_BYTES)],
    )
    async def test_is_one_byte_over_the_limit(
        self, everything: Running, route: str, limit_bytes: int
    ) -> None:
        line = next(each for each in lines() if each.route == route)
        path, asking = route.split()[1], Asking(everything)
        at = await asking.send(Sent(line, path, {"content": b" " * limit_bytes}))
        over = await asking.send(
            Sent(line, path, {"content": b" " * (limit_bytes + 1)})
        )
        assert at.status_code in {400, 422}
        assert over.status_code == 413
        assert over.json()["context"] == {"limit_bytes": limit_bytes}

    async def test_is_a_file_one_byte_over_the_limit(self, everything: Running) -> None:
        """Source: consoles.md, "Uploads": 50 MB a file (P)."""
        await open_cohort(operations(everything), days=30)
        limit_bytes = 50 * 1024 * 1024
        start = b"PK\x03\x04"
        found = {}
        for size_bytes in (limit_bytes, limit_bytes + 1):
            content = start + bytes(size_bytes - len(start))
            answer = await operations(everything).post(
                "/portfolios",
                files={"file": ("workbook.docx", content)},
                data={"cohort": COHORT},
            )
            assert answer.status_code == 422, answer.text
            found[size_bytes] = str(answer.json()["fields"])
        assert "the limit is 50 MB" in found[limit_bytes + 1]
        assert "the limit is" not in found[limit_bytes]
