"""No route answers without an identity; no token counts that is not signed for us."""

import time
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import SecretStr

from shared.errors import ForbiddenError, NotAuthenticatedError, UnavailableError
from shared.web.identity import (
    AUDIENCE,
    SERVICE_ISSUER,
    Identities,
    Identity,
    IssuerKeys,
    service_token,
)
from shared.web.issuer import DevelopmentIssuer, SignIn

URL = "http://127.0.0.1:1/dev"
SECRET = SecretStr("s" * 32)


@pytest.fixture
def issuer(tmp_path: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer.open(URL, tmp_path / "issuer.pem")


@pytest.fixture
def identities(issuer: DevelopmentIssuer) -> Identities:
    keys = IssuerKeys(URL, httpx.AsyncClient(transport=httpx.MockTransport(_nothing)))
    keys.trust(issuer.public_keys())
    return Identities(issuer=URL, service_secret=SECRET, keys=keys)


def _nothing(_: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


def bearer(issuer: DevelopmentIssuer, *roles: str) -> str:
    sign_in = SignIn.model_validate({"person_id": "p-1", "roles": roles})
    return f"Bearer {issuer.token(sign_in).access_token}"


class TestIdentify:
    async def test_knows_a_person_and_their_roles(
        self, identities: Identities, issuer: DevelopmentIssuer
    ) -> None:
        identity = await identities.identify(bearer(issuer, "reviewer"))
        assert identity == Identity(person_id="p-1", roles=frozenset({"reviewer"}))

    async def test_knows_a_service_by_the_shared_secret(
        self, identities: Identities
    ) -> None:
        identity = await identities.identify(
            f"Bearer {service_token('review', SECRET)}"
        )
        identity.require_service("review")

    @pytest.mark.parametrize("header", [None, "", "Basic x", "Bearer ", "Bearer x.y.z"])
    async def test_refuses_what_is_no_token(
        self, identities: Identities, header: str | None
    ) -> None:
        with pytest.raises(NotAuthenticatedError):
            await identities.identify(header)

    async def test_refuses_a_service_token_signed_with_another_secret(
        self, identities: Identities
    ) -> None:
        forged = service_token("review", SecretStr("x" * 32))
        with pytest.raises(NotAuthenticatedError):
            await identities.identify(f"Bearer {forged}")

    async def test_refuses_a_key_the_issuer_never_published(
        self, identities: Identities
    ) -> None:
        claims = {"iss": URL, "aud": AUDIENCE, "sub": "p-1", "exp": time.time() + 60}
        forged = jwt.encode(
            claims,
            Ed25519PrivateKey.generate(),
            algorithm="EdDSA",
            headers={"kid": "development"},
        )
        with pytest.raises(NotAuthenticatedError):
            await identities.identify(f"Bearer {forged}")

    async def test_refuses_an_expired_token(self, identities: Identities) -> None:
        claims = {
            "iss": SERVICE_ISSUER,
            "aud": AUDIENCE,
            "sub": "service:review",
            "exp": time.time() - 1,
        }
        old = jwt.encode(claims, SECRET.get_secret_value(), algorithm="HS256")
        with pytest.raises(NotAuthenticatedError):
            await identities.identify(f"Bearer {old}")

    async def test_refuses_an_unsigned_token(self, identities: Identities) -> None:
        claims = {"iss": URL, "aud": AUDIENCE, "sub": "p-1", "exp": time.time() + 60}
        unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "none"})
        with pytest.raises((NotAuthenticatedError, UnavailableError)):
            await identities.identify(f"Bearer {unsigned}")

    async def test_gives_a_person_no_service_role(
        self, identities: Identities, issuer: DevelopmentIssuer
    ) -> None:
        identity = await identities.identify(bearer(issuer, "operations", "service"))
        assert identity.roles == frozenset({"operations"})

    async def test_says_when_the_issuer_does_not_answer(self) -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(_nothing))
        keys = IssuerKeys(URL, http)
        with pytest.raises(UnavailableError):
            await keys.key("unknown")


class TestRequire:
    def test_names_the_roles_that_may(self) -> None:
        identity = Identity(person_id="p-1", roles=frozenset({"reviewer"}))
        with pytest.raises(ForbiddenError) as refused:
            identity.require("operations")
        assert refused.value.context == {"needs_one_of": ["operations"]}

    def test_takes_no_person_for_a_service(self) -> None:
        identity = Identity(person_id="notification", roles=frozenset({"service"}))
        with pytest.raises(ForbiddenError):
            identity.require_service("notification")
