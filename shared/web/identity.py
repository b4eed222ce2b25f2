"""Who is asking: bearer tokens from an OpenID issuer, and between services.

Invariant: no route answers without an identity, and no token is accepted that is not
signed by the configured issuer or by the secret the services share.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
import structlog
from pydantic import SecretStr

from shared.database import SERVICE_ROLES
from shared.errors import ForbiddenError, NotAuthenticatedError
from shared.vocabulary import PERSON_ID_PATTERN
from shared.web.issuer_keys import IssuerKeys

SERVICE_TOKEN_SECONDS = 60
SERVICE_ISSUER = "attest-services"
AUDIENCE = "attest"
IDENTITY = "attest.identity"
"""Where in the scope of a request the identity stands, once it was established."""
READING = frozenset({"GET", "HEAD"})
"""Methods that ask for no change."""

_ASYMMETRIC = ("EdDSA", "RS256", "ES256")
_SERVICES = frozenset(f"service:{name}" for name in SERVICE_ROLES)
_REQUIRED = ["exp", "sub"]


class UnusableSubjectError(NotAuthenticatedError):
    """The token's ``sub`` is no person id: up to 64 of a-z, 0-9, ``-`` and ``_``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An authenticated person or service."""

    person_id: str
    """Opaque person id, or ``service:<name>``."""
    roles: frozenset[str]
    verified_email: str | None = field(default=None, repr=False)
    """The address as the issuer has verified it; never from anything a person types.

    Source: OpenID Connect Core 1.0, section 5.1 (``email``, ``email_verified``).
    """

    def may(self, *roles: str) -> bool:
        """Tell whether one of *roles* is held."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: str) -> str:
        """Return the first of *roles* that is held.

        Raises:
            ForbiddenError: none is; the error names the roles that may.
        """
        for role in roles:
            if role in self.roles:
                return role
        raise ForbiddenError(needs_one_of=sorted(roles))

    def refuse_auditor(self) -> None:
        """Return unless an auditor asks, with no other role to write in.

        Source: domain.md section 1: an auditor must never write.

        Raises:
            ForbiddenError: says so.
        """
        if self.roles == {"auditor"}:
            raise ForbiddenError(
                "An auditor reads everything and changes nothing: ask the office."
            )

    def require_service(self, *names: str) -> str:
        """Return the role of services if the asker is one of these.

        Raises:
            ForbiddenError: it is not.
        """
        if self.person_id not in {f"service:{name}" for name in names}:
            raise ForbiddenError(needs_one_of=sorted(names))
        return "service"


class Identities:
    """Turns bearer tokens into identities."""

    def __init__(
        self, *, issuer: str, service_secret: SecretStr, keys: IssuerKeys
    ) -> None:
        self._issuer = issuer
        self._secret = service_secret
        self._keys = keys

    async def identify(self, authorization: str | None) -> Identity:
        """Return who sent the ``Authorization`` header.

        Raises:
            NotAuthenticatedError: no token, or not one that holds.
            UnusableSubjectError: it holds, but for somebody who cannot be named here.
            UnavailableError: the issuer's keys cannot be read now.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticatedError
        try:
            if jwt.get_unverified_header(token).get("alg") == "HS256":
                return self._service(token)
            return await self._person(token)
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            structlog.get_logger().info("token.refused", reason=type(error).__name__)
            raise NotAuthenticatedError(reason=type(error).__name__) from None

    def _service(self, token: str) -> Identity:
        """Return a service we know; what it may is not for the token to say."""
        claims = jwt.decode(
            token,
            self._secret.get_secret_value(),
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=SERVICE_ISSUER,
            options={"require": _REQUIRED},
        )
        if claims["sub"] not in _SERVICES:
            raise jwt.InvalidTokenError
        return Identity(person_id=claims["sub"], roles=frozenset({"service"}))

    async def _person(self, token: str) -> Identity:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = await self._keys.key(str(key_id))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(_ASYMMETRIC),
            audience=AUDIENCE,
            issuer=self._issuer,
            options={"require": _REQUIRED},
        )
        if not re.fullmatch(PERSON_ID_PATTERN, claims["sub"]):
            structlog.get_logger().info("token.refused", reason="UnusableSubject")
            raise UnusableSubjectError
        roles = frozenset(_texts(claims.get("roles", ()))) - {"service"}
        return Identity(
            person_id=claims["sub"], roles=roles, verified_email=_verified(claims)
        )


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


def _verified(claims: dict[str, Any]) -> str | None:
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True
    return email if is_verified and isinstance(email, str) else None


def _texts(values: object) -> list[str]:
    if not isinstance(values, list | tuple | set):
        raise TypeError
    return [str(value) for value in values]
