"""The pages of the embedded mode are for operators; others are told why not."""

from pathlib import Path

import httpx

from services.cli.front import COOKIE
from shared.web.problems import MEDIA_TYPE
from tests.support.processes import AttestUp

PAGES = ("/mailbox", "/mailbox/no-such-letter")


async def cookie_of(http: httpx.AsyncClient, *roles: str) -> str:
    asked = {"person_id": "p-1", "roles": roles}
    token: str = (await http.post("/dev/token", json=asked)).json()["access_token"]
    return token


async def told(url: str, path: str, cookie: str | None) -> tuple[int, str]:
    """Return status and problem, if there is one, of a page."""
    cookies = {} if cookie is None else {COOKIE: cookie}
    async with httpx.AsyncClient(base_url=url, cookies=cookies) as http:
        answer = await http.get(path)
    is_problem = answer.headers["content-type"] == MEDIA_TYPE
    kind = answer.json()["type"].rpartition(":")[2] if is_problem else ""
    return answer.status_code, kind


async def test_pages_are_for_operators(tmp_path: Path) -> None:
    async with AttestUp(tmp_path) as up, httpx.AsyncClient(base_url=up.url) as http:
        participant = await cookie_of(http, "participant")
        operator = await cookie_of(http, "operations")
        for page in PAGES:
            assert await told(up.url, page, None) == (401, "NotAuthenticated")
            assert await told(up.url, page, "junk") == (401, "NotAuthenticated")
            assert await told(up.url, page, participant) == (403, "Forbidden")
        assert (await told(up.url, PAGES[0], operator))[0] == 200
        assert await told(up.url, PAGES[1], operator) == (422, "MalformedRequest")
        assert await told(up.url, "/", participant) == (403, "Forbidden")
        for cookie in (None, "junk", operator):
            assert (await told(up.url, "/", cookie))[0] == 200
        letters = await http.get("/mailbox/letters")
        assert letters.status_code == 401
        signed_in = {"Authorization": f"Bearer {operator}"}
        letters = await http.get("/mailbox/letters", headers=signed_in)
        assert letters.json() == {"items": [], "next": None}
        nobody = await http.post("/sign-in", data={"person_id": "No Id!"})
        assert nobody.status_code == 422
        assert "No Id!" not in nobody.text
        unknown = await http.get("/nothing")
        assert unknown.headers["content-type"] == MEDIA_TYPE
