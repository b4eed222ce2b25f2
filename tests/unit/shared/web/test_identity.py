"""No route answers without an identity; no token counts that is not signed for us."""

import time
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from pydantic import SecretStr

from shared.errors import ForbiddenError, NotAuthenticatedError, UnavailableError
from shared.web.identity import (
    AUDIENCE,
    SERVICE_ISSUER,
    Identities,
    Identity,
    UnusableSubjectError,
    _verified,
    service_token,
)
from shared.web.issuer import DevelopmentIssuer, SignIn
from shared.web.issuer_keys import IssuerKeys

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


class TestVerifiedAddress:
    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"email": "ana@example.org"},
            {"email": "ana@example.org", "email_verified": False},
            {"email": "ana@example.org", "email_verified": "true"},
            {"email": 7, "email_verified": True},
        ],
    )
    def test_is_none_unless_the_issuer_says_so(self, claims: dict[str, Any]) -> None:
        """Source: OpenID Connect Core 1.0, section 5.1 (a boolean)."""
        assert _verified(claims) is None


class TestIdentify:
    async def test_knows_a_person_and_their_roles(
        self, identities: Identities, issuer: DevelopmentIssuer
    ) -> None:
        identity = await identities.identify(bearer(issuer, "reviewer"))
        assert identity == Identity(person_id="p-1", roles=frozenset({"reviewer"}))

    async def test_knows_an_address_that_the_issuer_has_verified(
        self, identities: Identities, issuer: DevelopmentIssuer
    ) -> None:
        """Source: OpenID Connect Core 1.0, section 5.1."""
        sign_in = SignIn(
            person_id="p-1", roles=("participant",), email="ana@example.org"
        )
        token = issuer.token(sign_in).access_token
        identity = await identities.identify(f"Bearer {token}")
        assert identity.verified_email == "ana@example.org"
        assert "ana" not in repr(identity)

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

    @pytest.mark.parametrize(
        "claims",
        [
            {"sub": "olga", "roles": ["operations"]},
            {"sub": "service:payroll", "roles": ["service"]},
            {"sub": "", "roles": ["service"]},
            {"sub": ["service:review"], "roles": ["service"]},
        ],
    )
    async def test_refuses_a_shared_secret_for_anybody_but_our_services(
        self, identities: Identities, claims: dict[str, object]
    ) -> None:
        """Whoever knows the secret speaks as a service, never as a person."""
        with pytest.raises(NotAuthenticatedError):
            await identities.identify(signed_by_secret(claims))

    async def test_lets_no_service_choose_its_roles(
        self, identities: Identities
    ) -> None:
        token = signed_by_secret({"sub": "service:review", "roles": ["operations"]})
        identity = await identities.identify(token)
        assert identity == Identity(
            person_id="service:review", roles=frozenset({"service"})
        )

    @pytest.mark.parametrize("sub", ["service:review", "Ana", "a@b.org", "a" * 65])
    async def test_tells_who_cannot_be_named_here_why(
        self, outside: "Outside", sub: str
    ) -> None:
        """Ids of an issuer we do not run become actors in the log."""
        with pytest.raises(UnusableSubjectError) as refused:
            await outside.identities.identify(outside.token(sub))
        assert "a-z" in str(refused.value)

    @pytest.mark.parametrize("sub", ["ana", "0c31-77_x", "a" * 64])
    async def test_knows_a_person_of_an_outside_issuer(
        self, outside: "Outside", sub: str
    ) -> None:
        identity = await outside.identities.identify(outside.token(sub))
        assert identity.person_id == sub


def signed_by_secret(claims: dict[str, object]) -> str:
    whole = {
        "iss": SERVICE_ISSUER,
        "aud": AUDIENCE,
        "exp": time.time() + 60,
        **claims,
    }
    token = jwt.encode(
        whole, SECRET.get_secret_value(), algorithm="HS256", headers={"typ": "JWT"}
    )
    return f"Bearer {token}"


class Outside:
    """An issuer that names people as it likes."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        jwk = jwt.PyJWK.from_dict({**public, "kid": "outside", "alg": "EdDSA"})
        http = httpx.AsyncClient(transport=httpx.MockTransport(_nothing))
        keys = IssuerKeys(URL, http)
        keys.trust([jwk])
        self.identities = Identities(issuer=URL, service_secret=SECRET, keys=keys)

    def token(self, sub: str) -> str:
        claims = {"iss": URL, "aud": AUDIENCE, "sub": sub, "exp": time.time() + 60}
        token = jwt.encode(
            claims, self._key, algorithm="EdDSA", headers={"kid": "outside"}
        )
        return f"Bearer {token}"


@pytest.fixture
def outside() -> Outside:
    return Outside()


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

    def test_tells_which_role_it_was(self) -> None:
        """The trail records in which role somebody acted, not one they also have."""
        identity = Identity(
            person_id="p-1", roles=frozenset({"auditor", "reviewer", "moderator"})
        )
        assert identity.require("reviewer") == "reviewer"
        assert identity.require("operations", "moderator", "auditor") == "moderator"


class TestAuditorAlone:
    """Source: domain.md section 1: an auditor must never write."""

    def test_is_refused_a_change_and_told_whom_to_ask(self) -> None:
        auditor = Identity(person_id="p-1", roles=frozenset({"auditor"}))
        with pytest.raises(ForbiddenError, match="ask the office"):
            auditor.refuse_auditor()

    def test_may_write_in_another_role_they_hold(self) -> None:
        both = Identity(person_id="p-1", roles=frozenset({"auditor", "operations"}))
        both.refuse_auditor()
        assert both.require("operations") == "operations"
