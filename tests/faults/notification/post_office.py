"""Notification's way out: the real sender, SMTP and rendering, with a log in memory.

What notification asks others over HTTP is answered here, and can be switched off.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from services.notification.app import CODEC
from services.notification.clocks import Addressing, Preparing, Sending
from services.notification.domain.backoff import Patience
from services.notification.domain.commands import RequestNotice
from services.notification.domain.events import About, Announcement, ToPerson
from services.notification.domain.matters import Resubmission
from services.notification.gateways import MailGateway
from services.notification.handlers import Notices
from services.notification.letters import Correspondent, LetterPress
from shared.contracts.feedback import (
    FEEDBACK_FIELD,
    CriterionFeedback,
    Feedback,
    Modification,
)
from shared.crypto import Vault
from shared.handling import Cause, Handling
from shared.ids import derived_id
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA
from shared.web.calling import ServiceCaller
from tests.support.evidence import MemoryObjects, memory_blobs
from tests.support.keys import memory_keystore
from tests.support.memory_log import MemoryEventLog

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
FEEDBACK = Feedback(
    overall="Thank you for a thoughtful portfolio.",
    criteria={
        key: CriterionFeedback(
            level=2,
            comment="More is needed here.",
            modifications=(
                Modification(section="action-plan", standard="8", text="Say by when."),
            ),
        )
        for key in CRITERIA
    },
)


@dataclass
class Answers:
    """What the other services answer at the moment."""

    is_true: bool = True
    owner_is_away: bool = False
    directory_is_away: bool = False
    address: str | None = "ana@example.org"
    asked: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/internal/confirm")
        async def confirm(request: Request) -> Response:
            self.asked.append("confirm")
            await request.body()
            if self.owner_is_away:
                return Response(status_code=503)
            told = "true" if self.is_true else "false"
            return Response(f'{{"is_true": {told}}}', media_type="application/json")

        @app.post("/internal/contact")
        async def contact(request: Request) -> Response:
            self.asked.append("contact")
            if self.directory_is_away:
                return Response(status_code=503)
            if self.address is None:
                return Response(status_code=404)
            about = {
                "subject": (await request.json())["person_id"],
                "name": "Ana Bell",
                "email": self.address,
                "programme": "ATS",
                "programme_version": load_programme("ATS").programme_version,
                "policy_version": load_programme("ATS").policy_version,
                "cohort_id": "ats-2025-10",
            }
            return JSONResponse(about)

        return app


class PostOffice:
    """Letters on their way; time passes only when a test says so."""

    def __init__(self, smtp_url: str, press: LetterPress, *, tries: int = 20) -> None:
        self.now = START
        self.answers = Answers()
        self.log = MemoryEventLog()
        self.objects = MemoryObjects()
        self.vault = Vault(memory_keystore(), self.clock)
        self.blobs = memory_blobs(self.objects, self.vault.keys)
        self.notices = Notices(Handling(self.log, CODEC))
        self.patience = Patience(
            first_wait=timedelta(seconds=30),
            longest_wait=timedelta(hours=1),
            tries=tries,
        )
        http = httpx.AsyncClient(transport=httpx.ASGITransport(self.answers.app()))
        caller = ServiceCaller(
            name="notification",
            urls={"moderation": "http://others", "submission": "http://others"},
            secret=SecretStr("s" * 32),
            http=http,
        )
        self.sending = Sending(
            notices=self.notices,
            preparing=Preparing(
                notices=self.notices,
                call=caller,
                addressing=Addressing(caller),
                vault=self.vault,
                blobs=self.blobs,
                press=press,
                sender=Correspondent(name="Awards", address="awards@attest.example"),
                patience=self.patience,
                clock=self.clock,
            ),
            gateway=MailGateway(SecretStr(smtp_url)),
            clock=self.clock,
        )

    def clock(self) -> datetime:
        return self.now

    async def order(self, number: int) -> str:
        """Ask for the letter of the case with this number; return the notice's id."""
        case_id, person_id = f"c{number}", f"p-{number}"
        notice_id = str(derived_id("notice", case_id))
        text = FEEDBACK.to_text()
        feedback = await self.vault.seal(person_id, text, field=FEEDBACK_FIELD)
        announcement = Announcement(
            triggered_by=UUID(int=number),
            owner="submission",
            stream="case-c1",
            recipient=ToPerson(person_id=person_id),
            matter=Resubmission(closes_on=date(2026, 12, 14), feedback=feedback),
            told_at=self.now,
        )
        about = About(notice_id=notice_id, case_id=case_id, template="outcome-cnm")
        command = RequestNotice(about=about, announcement=announcement, at=self.now)
        cause = Cause.by_clock("test", "order", notice_id)
        await self.notices.request(command, cause)
        return notice_id

    async def history(self, notice_id: str) -> list[str]:
        """Return the types of a letter's facts, without their owner."""
        events = await self.log.read_stream(f"notice-{notice_id}")
        return [event.type.removeprefix("notification.") for event in events]

    async def try_until_settled(self, *notice_ids: str, rounds: int = 40) -> None:
        """Let time pass and try, until nothing is pending any more."""
        for _ in range(rounds):
            pending = [n for n in notice_ids if await self.notices.pending(n)]
            if not pending:
                return
            for notice_id in pending:
                await self.sending.send(notice_id)
            self.now += timedelta(hours=1)
        raise AssertionError("letters are still pending")


@asynccontextmanager
async def post_office(smtp_url: str, *, tries: int = 20) -> AsyncIterator[PostOffice]:
    """Open a post office that hands letters to *smtp_url*."""
    async with LetterPress() as press:
        yield PostOffice(smtp_url, press, tries=tries)
