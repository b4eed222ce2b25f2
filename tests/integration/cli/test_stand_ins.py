"""The stand-ins: an issuer that services believe, and a mailbox that can be read."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from aiosmtplib import SMTP
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError

from services.cli.stand_ins import StandInSettings, build_stand_ins
from shared.embedded.ports import LOCALHOST, fresh_port
from shared.web.identity import Identities
from shared.web.issuer_keys import IssuerKeys

SECRET = SecretStr("x" * 32)
ADDRESS = "zoe@example.org"


def settings_in(directory: Path, **more: object) -> StandInSettings:
    smtp_port = fresh_port(directory / "smtp.port")
    return StandInSettings.model_validate(
        {
            "oidc_issuer": "http://stand-ins:8080/dev",
            "service_token_secret": SECRET,
            "submission_url": "http://127.0.0.1:9/submission",
            "stand_ins_directory": directory,
            "stand_ins_smtp_port": smtp_port,
            **more,
        }
    )


@pytest.fixture
def settings(tmp_path: Path) -> StandInSettings:
    return settings_in(tmp_path)


@pytest.fixture
async def app(settings: StandInSettings) -> AsyncIterator[FastAPI]:
    app = build_stand_ins(settings, host=LOCALHOST)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Reaches the stand-ins at the address that the services know."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://stand-ins:8080"
    ) as http:
        yield http


async def header_of(http: httpx.AsyncClient, *roles: str) -> dict[str, str]:
    answer = await http.post("/dev/token", json={"person_id": "p-1", "roles": roles})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


class TestIssuer:
    async def test_is_believed_by_whoever_reads_its_discovery_document(
        self, http: httpx.AsyncClient, settings: StandInSettings
    ) -> None:
        header = await header_of(http, "reviewer")
        theirs = Identities(
            issuer=settings.oidc_issuer,
            service_secret=SECRET,
            keys=IssuerKeys(settings.oidc_issuer, http),
        )
        identity = await theirs.identify(header["Authorization"])
        assert identity.person_id == "p-1"
        assert identity.roles == {"reviewer"}

    def test_has_an_address_that_ends_in_its_path(self, tmp_path: Path) -> None:
        with pytest.raises(ValidationError, match="ends in /dev"):
            settings_in(tmp_path, oidc_issuer="http://stand-ins:8080/realm")


class TestMailbox:
    async def test_shows_operators_what_came_by_smtp(
        self, http: httpx.AsyncClient, settings: StandInSettings
    ) -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = "awards@example.org", ADDRESS
        letter["Message-ID"], letter["Subject"] = "<1@x>", "Your statement"
        letter.set_content("Follow http://127.0.0.1/statements/abc to write it.")
        async with SMTP(
            hostname=LOCALHOST, port=settings.stand_ins_smtp_port, timeout=10
        ) as smtp:
            await smtp.send_message(letter)
        header = await header_of(http, "operations")
        answer = await http.get(
            "/mailbox/letters", params={"to": ADDRESS}, headers=header
        )
        (found,) = answer.json()["items"]
        assert found["subject"] == "Your statement"
        assert found["links"][0]["address"] == "http://127.0.0.1/statements/abc"

    async def test_is_closed_to_everybody_else(self, http: httpx.AsyncClient) -> None:
        participant = await header_of(http, "participant")
        assert (await http.get("/mailbox/letters")).status_code == 401
        refused = await http.get("/mailbox/letters", headers=participant)
        assert refused.status_code == 403
        assert (await http.get("/mailbox")).status_code == 401


class TestFront:
    async def test_asks_to_sign_in_and_is_alive(self, http: httpx.AsyncClient) -> None:
        assert "sign-in" in (await http.get("/")).text
        assert (await http.get("/readyz")).status_code == 200
