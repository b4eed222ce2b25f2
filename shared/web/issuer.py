"""The development issuer: signs anybody in, and exists only in the embedded mode.

It speaks enough OpenID Connect for the services to verify its tokens like any other
issuer's: a discovery document, a key set and signed tokens.
"""

import time
from pathlib import Path
from typing import Annotated

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter
from jwt.algorithms import OKPAlgorithm
from pydantic import BaseModel, ConfigDict, Field

from shared.vocabulary import PersonId, Role
from shared.web.identity import AUDIENCE

TOKEN_SECONDS = 12 * 60 * 60
SIGN_IN_BYTES = 16 * 1024
"""Nobody is known yet, so little is read: an id of 64 letters and a few roles."""

_KEY_ID = "development"


class SignIn(BaseModel):
    """Whose token is wanted."""

    model_config = ConfigDict(extra="forbid")

    person_id: PersonId
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    email: Annotated[str | None, Field(min_length=3, max_length=254)] = None
    """Claimed as verified, as everything is here."""


class Token(BaseModel):
    """A bearer token and how long it holds."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int = TOKEN_SECONDS


class DevelopmentIssuer:
    """Signs tokens with a key of its own, kept in the state directory."""

    def __init__(self, url: str, key: Ed25519PrivateKey) -> None:
        self.url = url.rstrip("/")
        self._key = key

    @staticmethod
    def open(url: str, key_file: Path) -> "DevelopmentIssuer":
        """Return the issuer at *url*; its key is made at the first start."""
        if not key_file.exists():
            key_file.touch(mode=0o600)
            key_file.write_bytes(
                Ed25519PrivateKey.generate().private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            message = f"{key_file} does not hold an Ed25519 key: delete it and restart."
            raise TypeError(message)
        return DevelopmentIssuer(url, key)

    def token(self, sign_in: SignIn) -> Token:
        """Return a token for *sign_in*."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": sign_in.person_id,
            "roles": [role for role in sign_in.roles if role != "service"],
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        if sign_in.email is not None:
            claims |= {"email": sign_in.email, "email_verified": True}
        token = jwt.encode(
            claims, self._key, algorithm="EdDSA", headers={"kid": _KEY_ID}
        )
        return Token(access_token=token)

    def key_set(self) -> dict[str, object]:
        """Return the public keys as a JSON Web Key Set."""
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": _KEY_ID, "alg": "EdDSA", "use": "sig"}]}

    def public_keys(self) -> list[jwt.PyJWK]:
        """Return the public keys for services in the same process."""
        return list(jwt.PyJWKSet.from_dict(self.key_set()).keys)

    def router(self) -> APIRouter:
        """Return the routes of the issuer; the only ones without an identity."""
        router = APIRouter(tags=["development sign-in"])

        @router.get("/.well-known/openid-configuration")
        async def discovery() -> dict[str, str]:
            return {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks.json",
                "token_endpoint": f"{self.url}/token",
            }

        @router.get("/jwks.json")
        async def keys() -> dict[str, object]:
            return self.key_set()

        @router.post("/token", max_body_size=SIGN_IN_BYTES)
        async def token(sign_in: SignIn) -> Token:
            return self.token(sign_in)

        return router
