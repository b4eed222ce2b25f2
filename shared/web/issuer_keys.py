"""The public keys of the OpenID issuer, as it publishes them now.

Invariant: a token cannot make us ask the issuer more often than we want to; and a key
the issuer took back is forgotten with the next answer.
"""

import asyncio
import time
from collections.abc import Callable, Iterable

import httpx
import jwt

from shared.errors import UnavailableError

REFRESH_SECONDS = 30.0
"""Between two answers: a new key is known after that, whoever asks how often."""

RETRY_SECONDS = 2.0
"""Between two tries while the issuer does not answer."""


class IssuerKeys:
    """The issuer's public keys, read through its discovery document when needed."""

    def __init__(
        self,
        issuer: str,
        http: httpx.AsyncClient,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask *issuer* through *http*; *monotonic* tells seconds that only grow."""
        self._issuer = issuer.rstrip("/")
        self._http = http
        self._monotonic = monotonic
        self._trusted: dict[str, jwt.PyJWK] = {}
        self._published: dict[str, jwt.PyJWK] = {}
        self._asking = asyncio.Lock()
        self._not_before = float("-inf")
        self._is_away = False

    def trust(self, keys: Iterable[jwt.PyJWK]) -> None:
        """Know *keys* without asking: the issuer runs in this process."""
        self._trusted.update(_by_id(keys))

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Return the public key with this id.

        Raises:
            jwt.InvalidKeyError: the issuer does not publish it.
            UnavailableError: the issuer does not answer.
        """
        if (known := self._known(key_id)) is not None:
            return known
        async with self._asking:  # whoever waited finds what the first one was told
            if self._known(key_id) is None:
                await self._refresh()
        if (known := self._known(key_id)) is not None:
            return known
        if self._is_away:
            raise self._unavailable()
        raise jwt.InvalidKeyError

    def _known(self, key_id: str) -> jwt.PyJWK | None:
        return self._trusted.get(key_id) or self._published.get(key_id)

    async def _refresh(self) -> None:
        now = self._monotonic()
        if now < self._not_before:
            return
        self._is_away, self._not_before = True, now + RETRY_SECONDS
        try:
            keys = await self._asked()
        except (httpx.HTTPError, jwt.PyJWTError, KeyError, TypeError, ValueError) as e:
            raise self._unavailable() from e
        self._published = _by_id(keys)
        self._is_away, self._not_before = False, now + REFRESH_SECONDS

    async def _asked(self) -> Iterable[jwt.PyJWK]:
        discovery = await self._http.get(
            f"{self._issuer}/.well-known/openid-configuration"
        )
        discovery.raise_for_status()
        answer = await self._http.get(discovery.json()["jwks_uri"])
        answer.raise_for_status()
        return jwt.PyJWKSet.from_dict(answer.json()).keys

    def _unavailable(self) -> UnavailableError:
        message = "The OpenID issuer does not answer: check OIDC_ISSUER."
        return UnavailableError(message, issuer=self._issuer)


def _by_id(keys: Iterable[jwt.PyJWK]) -> dict[str, jwt.PyJWK]:
    return {str(key.key_id): key for key in keys}
