"""The issuer is asked when there is something to learn, and not more often."""

import asyncio
from pathlib import Path

import httpx
import jwt
import pytest

from shared.errors import UnavailableError
from shared.web.issuer import DevelopmentIssuer
from shared.web.issuer_keys import REFRESH_SECONDS, RETRY_SECONDS, IssuerKeys

URL = "http://issuer.test/dev"


class Issuer:
    """Publishes what a test wants, and counts how often it is asked."""

    def __init__(self, folder: Path) -> None:
        self.one = DevelopmentIssuer.open(URL, folder / "one.pem").key_set()
        self.other = DevelopmentIssuer.open(URL, folder / "other.pem").key_set()
        for key in (*self.other["keys"],):  # type: ignore[misc]
            key["kid"] = "other"
        self.published: dict[str, object] | None = self.one
        self.asked = 0
        self.now = 1000.0
        transport = httpx.MockTransport(self._answer)
        self.keys = IssuerKeys(
            URL, httpx.AsyncClient(transport=transport), monotonic=lambda: self.now
        )

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if self.published is None:
            return httpx.Response(500)
        if request.url.path.endswith("/jwks.json"):
            self.asked += 1
            return httpx.Response(200, json=self.published)
        return httpx.Response(200, json={"jwks_uri": f"{URL}/jwks.json"})


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


class TestKey:
    async def test_is_asked_for_once(self, issuer: Issuer) -> None:
        for _ in range(3):
            assert (await issuer.keys.key("development")).key_id == "development"
        assert issuer.asked == 1

    async def test_is_asked_for_once_by_many_at_a_time(self, issuer: Issuer) -> None:
        await asyncio.gather(*(issuer.keys.key("development") for _ in range(50)))
        assert issuer.asked == 1

    async def test_lets_no_stranger_trigger_a_request_each(
        self, issuer: Issuer
    ) -> None:
        """The key id stands in a token before anything of it is verified."""
        for number in range(20):
            with pytest.raises(jwt.InvalidKeyError):
                await issuer.keys.key(f"unknown-{number}")
        assert issuer.asked == 1

    async def test_is_found_after_a_rotation(self, issuer: Issuer) -> None:
        await issuer.keys.key("development")
        issuer.published = issuer.other
        with pytest.raises(jwt.InvalidKeyError):
            await issuer.keys.key("other")
        issuer.now += REFRESH_SECONDS
        assert (await issuer.keys.key("other")).key_id == "other"

    async def test_is_forgotten_when_it_is_published_no_more(
        self, issuer: Issuer
    ) -> None:
        await issuer.keys.key("development")
        issuer.published = issuer.other
        issuer.now += REFRESH_SECONDS
        await issuer.keys.key("other")
        with pytest.raises(jwt.InvalidKeyError):
            await issuer.keys.key("development")

    async def test_waits_a_little_for_an_issuer_that_is_away(
        self, issuer: Issuer
    ) -> None:
        issuer.published = None
        for _ in range(3):
            with pytest.raises(UnavailableError):
                await issuer.keys.key("development")
        issuer.published = issuer.one
        with pytest.raises(UnavailableError):
            await issuer.keys.key("development")
        issuer.now += RETRY_SECONDS
        assert (await issuer.keys.key("development")).key_id == "development"

    async def test_of_an_issuer_in_this_process_is_never_asked_for(
        self, issuer: Issuer, tmp_path: Path
    ) -> None:
        own = DevelopmentIssuer.open(URL, tmp_path / "one.pem")
        issuer.keys.trust(own.public_keys())
        await issuer.keys.key("development")
        assert issuer.asked == 0
