"""Who is asking: bearer tokens from an OpenID issuer, and between services.

Invariant: no route answers without an identity, and no token is accepted that is not
signed by the configured issuer or by the secret the services share.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import structlog
from pydantic import SecretStr

from shared.errors import ForbiddenError, NotAuthenticatedError, UnavailableError

SERVICE_TOKEN_SECONDS = 60
SERVICE_ISSUER = "attest-services"
AUDIENCE = "attest"
_ASYMMETRIC = ("EdDSA", "RS256", "ES256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An authenticated person or service."""

    person_id: str
    """Opaque person id, or ``service:<name>``."""
    roles: frozenset[str]

    def may(self, *roles: str) -> bool:
        """Tell whether one of *roles* is held."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: str) -> None:
        """Return if one of *roles* is held.

        Raises:
            ForbiddenError: none is; the error names the roles that may.
        """
        if not self.may(*roles):
            raise ForbiddenError(needs_one_of=sorted(roles))

    def require_service(self, *names: str) -> None:
        """Return if the asker is one of these services.

        Raises:
            ForbiddenError: it is not.
        """
        if self.person_id not in {f"service:{name}" for name in names}:
            raise ForbiddenError(needs_one_of=sorted(names))


class Identities:
    """Turns bearer tokens into identities."""

    def __init__(
        self, *, issuer: str, service_secret: SecretStr, keys: "IssuerKeys"
    ) -> None:
        self._issuer = issuer
        self._secret = service_secret
        self._keys = keys

    async def identify(self, authorization: str | None) -> Identity:
        """Return who sent the ``Authorization`` header.

        Raises:
            NotAuthenticatedError: no token, or not one that holds.
            UnavailableError: the issuer's keys cannot be read now.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticatedError
        try:
            claims = await self._claims(token)
            return Identity(
                person_id=str(claims["sub"]),
                roles=frozenset(_texts(claims.get("roles", ()))),
            )
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            structlog.get_logger().info("token.refused", reason=type(error).__name__)
            raise NotAuthenticatedError(reason=type(error).__name__) from None

    async def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("alg") == "HS256":
            return jwt.decode(
                token,
                self._secret.get_secret_value(),
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=SERVICE_ISSUER,
                options={"require": ["exp", "sub"]},
            )
        key = await self._keys.key(str(header.get("kid")))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(_ASYMMETRIC),
            audience=AUDIENCE,
            issuer=self._issuer,
            options={"require": ["exp", "sub"]},
        )
        if str(claims["sub"]).startswith("service:"):
            raise jwt.InvalidTokenError
        return {**claims, "roles": set(_texts(claims.get("roles", ()))) - {"service"}}


def service_token(name: str, secret: SecretStr) -> str:
    """Return a token by which service *name* identifies itself for one minute."""
    now = int(time.time())
    claims = {
        "iss": SERVICE_ISSUER,
        "aud": AUDIENCE,
        "sub": f"service:{name}",
        "roles": ["service"],
        "iat": now,
        "exp": now + SERVICE_TOKEN_SECONDS,
    }
    return jwt.encode(claims, secret.get_secret_value(), algorithm="HS256")


class IssuerKeys:
    """The issuer's public keys, read through its discovery document when needed."""

    def __init__(self, issuer: str, http: httpx.AsyncClient) -> None:
        self._issuer = issuer.rstrip("/")
        self._http = http
        self._keys: dict[str, jwt.PyJWK] = {}

    def trust(self, keys: Iterable[jwt.PyJWK]) -> None:
        """Know *keys* without asking: the issuer runs in this process."""
        self._keys.update({str(key.key_id): key for key in keys})

    async def key(self, key_id: str) -> jwt.PyJWK:
        """Return the public key with this id.

        Raises:
            jwt.InvalidKeyError: the issuer does not publish it.
            UnavailableError: the issuer does not answer.
        """
        if key_id not in self._keys:
            await self._refresh()
        try:
            return self._keys[key_id]
        except KeyError:
            raise jwt.InvalidKeyError from None

    async def _refresh(self) -> None:
        try:
            discovery = await self._http.get(
                f"{self._issuer}/.well-known/openid-configuration"
            )
            discovery.raise_for_status()
            answer = await self._http.get(discovery.json()["jwks_uri"])
            answer.raise_for_status()
            self.trust(jwt.PyJWKSet.from_dict(answer.json()).keys)
        except (httpx.HTTPError, KeyError, ValueError) as error:
            message = "The OpenID issuer does not answer: check OIDC_ISSUER."
            raise UnavailableError(message, issuer=self._issuer) from error


def _texts(values: object) -> list[str]:
    if not isinstance(values, list | tuple | set):
        raise TypeError
    return [str(value) for value in values]
