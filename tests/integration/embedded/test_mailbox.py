"""The mailbox: every delivery kept before it is acknowledged, one letter per id."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from fastapi import Depends, FastAPI, HTTPException

from shared.embedded import Mailbox, letters_router, mailbox_router
from shared.embedded.lock import DirectoryInUseError
from shared.embedded.mailbox import deliveries
from shared.embedded.mailbox.deliveries import DeliveryUnreadableError
from shared.embedded.mailbox.mailbox import LetterNotFoundError, MailboxNotRunningError
from shared.embedded.ports import LOCALHOST, fresh_port

LETTER_ID = "<5f0c@attest.example>"


def a_letter(
    message_id: str = LETTER_ID, *, subject: str = "Your outcome"
) -> EmailMessage:
    """Return a letter with both bodies and a file."""
    letter = EmailMessage()
    letter["From"] = "awards@attest.example"
    letter["To"] = "Zoë Ångström <zoe@example.org>"
    letter["Subject"] = subject
    letter["Message-ID"] = message_id
    letter.set_content("You met the standard. See https://attest.example/cases/1.\n")
    letter.add_alternative(
        '<p>You <b>met</b> the standard.</p><a href="https://attest.example/cases/1">'
        "Your case</a><script>alert(1)</script>",
        subtype="html",
    )
    letter.add_attachment(
        b"%PDF-1.7 \x00",
        maintype="application",
        subtype="pdf",
        filename="Bescheid ü.pdf",
    )
    return letter


async def send(mailbox: Mailbox, letter: EmailMessage) -> None:
    """Hand *letter* over; raises what a sender would see."""
    async with SMTP(hostname="127.0.0.1", port=mailbox.port, timeout=10) as client:
        await client.send_message(letter)


class TestMailbox:
    async def test_shows_a_letter_with_its_bodies_and_files(
        self, mailbox: Mailbox
    ) -> None:
        await send(mailbox, a_letter())
        (line,) = mailbox.letters()
        letter = await mailbox.letter(line.letter_id)
        assert line.subject == "Your outcome"
        assert line.recipients == ("zoe@example.org",)
        assert ("To", "Zoë Ångström <zoe@example.org>") in letter.headers
        assert letter.text is not None
        assert letter.text.startswith("You met the standard.")
        assert letter.html is not None
        assert "<b>met</b>" in letter.html
        (file,) = letter.attachments
        assert (file.name, file.content) == ("Bescheid ü.pdf", b"%PDF-1.7 \x00")

    async def test_shows_one_letter_per_message_id_and_counts_deliveries(
        self, mailbox: Mailbox
    ) -> None:
        for _ in range(3):
            await send(mailbox, a_letter())
        (line,) = mailbox.letters()
        assert (line.deliveries, line.identical) == (3, True)
        assert len(list((mailbox.directory / "deliveries").iterdir())) == 3

    async def test_says_when_deliveries_of_one_letter_differ(
        self, mailbox: Mailbox
    ) -> None:
        await send(mailbox, a_letter(subject="Your outcome"))
        await send(mailbox, a_letter(subject="Another outcome"))
        (line,) = mailbox.letters()
        assert (line.subject, line.identical) == ("Your outcome", False)

    async def test_lists_the_newest_first_in_pages(self, mailbox: Mailbox) -> None:
        for number in range(5):
            await send(mailbox, a_letter(f"<{number}@x>", subject=str(number)))
        first = mailbox.letters(limit=3)
        rest = mailbox.letters(limit=3, before=first[-1].number)
        assert [line.subject for line in (*first, *rest)] == ["4", "3", "2", "1", "0"]

    async def test_shows_the_same_after_a_restart(self, mailbox: Mailbox) -> None:
        for message_id in ("<a@x>", "<b@x>", "<a@x>"):
            await send(mailbox, a_letter(message_id))
        before, port = mailbox.letters(), mailbox.port
        await mailbox.stop()
        again = Mailbox(mailbox.directory)
        await again.start()
        try:
            assert (again.letters(), again.port) == (before, port)
            await send(again, a_letter("<c@x>"))
            assert again.count == 3
        finally:
            await again.stop()

    async def test_keeps_the_order_of_letters_that_arrive_together(
        self, mailbox: Mailbox
    ) -> None:
        await asyncio.gather(*(send(mailbox, a_letter(f"<{n}@x>")) for n in range(20)))
        numbers = [line.number for line in mailbox.letters()]
        assert numbers == list(range(20, 0, -1))

    async def test_acknowledges_only_what_is_durable(
        self, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full_disk(path: Path, content: bytes) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(deliveries, "write_durably", full_disk)
        with pytest.raises(SMTPResponseException) as refused:
            await send(mailbox, a_letter())
        assert refused.value.code == 452
        assert mailbox.count == 0

    async def test_keeps_the_bytes_as_they_came(self, mailbox: Mailbox) -> None:
        await send(mailbox, a_letter())
        (line,) = mailbox.letters()
        source = await mailbox.source(line.letter_id)
        assert source.replace(b"\r\n", b"\n").startswith(
            b"From: awards@attest.example\n"
        )

    async def test_clears_a_delivery_that_was_cut_off(self, mailbox: Mailbox) -> None:
        await mailbox.stop()
        unfinished = mailbox.directory / "deliveries" / "000000000001.delivery.partial"
        unfinished.touch()
        await mailbox.start()
        assert list(unfinished.parent.iterdir()) == []
        assert mailbox.count == 0

    async def test_names_a_damaged_delivery(self, mailbox: Mailbox) -> None:
        await send(mailbox, a_letter())
        await mailbox.stop()
        (file,) = (mailbox.directory / "deliveries").iterdir()
        file.write_bytes(b"{}\n")
        with pytest.raises(DeliveryUnreadableError, match=file.name):
            await mailbox.start()

    async def test_keeps_a_second_mailbox_from_its_directory(
        self, mailbox: Mailbox
    ) -> None:
        with pytest.raises(DirectoryInUseError):
            await Mailbox(mailbox.directory).start()

    async def test_closes_open_sessions_when_it_stops(self, mailbox: Mailbox) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", mailbox.port)
        await reader.readline()
        await mailbox.stop()
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        await writer.wait_closed()

    async def test_has_no_such_letter(self, mailbox: Mailbox) -> None:
        with pytest.raises(LetterNotFoundError):
            await mailbox.letter("0" * 32)

    def test_has_no_address_before_it_was_started(self, tmp_path: Path) -> None:
        with pytest.raises(MailboxNotRunningError):
            _ = Mailbox(tmp_path).smtp_url


class TestFaults:
    async def test_refuse_for_a_while_and_keep_nothing(self, mailbox: Mailbox) -> None:
        mailbox.faults.refuse(deliveries=2)
        for _ in range(2):
            with pytest.raises(SMTPException) as refused:
                await send(mailbox, a_letter())
            assert "451" in str(refused.value)
        assert mailbox.count == 0
        await send(mailbox, a_letter())
        assert mailbox.letters()[0].deliveries == 1

    async def test_cut_the_line_after_the_letter_was_kept(
        self, mailbox: Mailbox
    ) -> None:
        mailbox.faults.cut_after_data(deliveries=1)
        with pytest.raises(SMTPException):
            await send(mailbox, a_letter())
        assert mailbox.letters()[0].deliveries == 1
        await send(mailbox, a_letter())
        assert mailbox.letters()[0].deliveries == 2

    async def test_heal_at_once(self, mailbox: Mailbox) -> None:
        mailbox.faults.refuse(deliveries=100)
        mailbox.faults.cut_after_data(deliveries=100)
        mailbox.faults.heal()
        await send(mailbox, a_letter())
        assert mailbox.count == 1


@pytest.fixture
async def pages(mailbox: Mailbox) -> AsyncIterator[httpx.AsyncClient]:
    """A reader of the pages of *mailbox*."""
    app = FastAPI()
    app.include_router(mailbox_router(mailbox))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


class TestPages:
    async def test_list_letters_and_lead_to_each(
        self, mailbox: Mailbox, pages: httpx.AsyncClient
    ) -> None:
        await send(mailbox, a_letter(subject="<b>Outcome</b>"))
        page = await pages.get("/mailbox")
        assert page.status_code == 200
        assert "&lt;b&gt;Outcome&lt;/b&gt;" in page.text
        assert f"/mailbox/{mailbox.letters()[0].letter_id}" in page.text

    async def test_say_that_there_is_no_letter_yet(
        self, pages: httpx.AsyncClient
    ) -> None:
        assert "No letter has arrived yet" in (await pages.get("/mailbox")).text

    async def test_turn_over_to_older_letters(
        self, mailbox: Mailbox, pages: httpx.AsyncClient
    ) -> None:
        for number in range(51):
            await send(mailbox, a_letter(f"<{number}@x>", subject=f"Letter {number}."))
        first = (await pages.get("/mailbox")).text
        second = (await pages.get("/mailbox", params={"before": 2})).text
        assert "Letter 0." not in first
        assert "?before=2" in first
        assert "Letter 0." in second
        assert "?before=" not in second

    async def test_show_a_letter_without_running_it(
        self, mailbox: Mailbox, pages: httpx.AsyncClient
    ) -> None:
        await send(mailbox, a_letter())
        here = f"/mailbox/{mailbox.letters()[0].letter_id}"
        page = await pages.get(here)
        body = await pages.get(f"{here}/html")
        assert "<script" not in page.text
        assert "<iframe sandbox " in page.text
        assert f'src="{here}/html"' in page.text
        assert 'href="https://attest.example/cases/1"' in page.text
        assert "You met the standard." in page.text
        policy = body.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert policy.endswith("sandbox")
        assert "script-src" not in policy

    async def test_give_files_as_downloads(
        self, mailbox: Mailbox, pages: httpx.AsyncClient
    ) -> None:
        await send(mailbox, a_letter())
        here = f"/mailbox/{mailbox.letters()[0].letter_id}/attachments"
        file = await pages.get(f"{here}/1")
        assert file.content == b"%PDF-1.7 \x00"
        assert file.headers["content-disposition"] == (
            'attachment; filename="Bescheid _.pdf"; '
            "filename*=UTF-8''Bescheid%20%C3%BC.pdf"
        )
        assert file.headers["x-content-type-options"] == "nosniff"
        assert (await pages.get(f"{here}/2")).status_code == 404

    async def test_load_nothing_from_elsewhere(
        self, mailbox: Mailbox, pages: httpx.AsyncClient
    ) -> None:
        page = await pages.get("/mailbox")
        style = await pages.get("/mailbox/style.css")
        assert style.headers["content-type"].startswith("text/css")
        assert "url(" not in style.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "http" not in page.text

    @pytest.mark.parametrize("rest", ["", "/html", "/source", "/attachments/1"])
    async def test_say_that_a_letter_is_missing(
        self, pages: httpx.AsyncClient, rest: str
    ) -> None:
        page = await pages.get(f"/mailbox/{'0' * 32}{rest}")
        assert page.status_code == 404
        assert "not in the mailbox" in page.text

    async def test_ask_for_an_identity_where_one_is_demanded(
        self, mailbox: Mailbox
    ) -> None:
        def nobody() -> None:
            raise HTTPException(401)

        app = FastAPI()
        app.include_router(mailbox_router(mailbox, dependencies=[Depends(nobody)]))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://t"
        ) as reader:
            for path in ("/mailbox", f"/mailbox/{'0' * 32}/source"):
                assert (await reader.get(path)).status_code == 401


@pytest.fixture
async def reader(mailbox: Mailbox) -> AsyncIterator[httpx.AsyncClient]:
    """A program that reads *mailbox*."""
    app = FastAPI()
    app.include_router(letters_router(mailbox))
    app.include_router(mailbox_router(mailbox))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


class TestLettersForPrograms:
    async def test_have_words_links_and_the_names_of_files(
        self, mailbox: Mailbox, reader: httpx.AsyncClient
    ) -> None:
        await send(mailbox, a_letter())
        (letter,) = (await reader.get("/mailbox/letters")).json()["items"]
        assert "You met the standard." in letter["text"]
        assert "https://attest.example/cases/1" in {
            link["address"] for link in letter["links"]
        }
        assert letter["attachments"] == ["Bescheid ü.pdf"]
        assert letter["letter_id"] == mailbox.letters()[0].letter_id

    async def test_are_those_of_one_recipient(
        self, mailbox: Mailbox, reader: httpx.AsyncClient
    ) -> None:
        await send(mailbox, a_letter())
        (recipient,) = mailbox.letters()[0].recipients
        theirs = await reader.get("/mailbox/letters", params={"to": recipient})
        others = await reader.get("/mailbox/letters", params={"to": "x@example.org"})
        assert len(theirs.json()["items"]) == 1
        assert others.json() == {"items": [], "next": None}

    async def test_come_page_by_page_newest_first(
        self, mailbox: Mailbox, reader: httpx.AsyncClient
    ) -> None:
        for number in range(3):
            await send(mailbox, a_letter(f"<{number}@x>", subject=f"Letter {number}."))
        subjects: list[str] = []
        after: int | None = None
        while after is not None or not subjects:
            asked = {"limit": 2, **({"after": after} if after else {})}
            page = (await reader.get("/mailbox/letters", params=asked)).json()
            subjects += [letter["subject"] for letter in page["items"]]
            after = page["next"]
        assert subjects == ["Letter 2.", "Letter 1.", "Letter 0."]


class TestAddress:
    async def test_is_the_one_that_was_given(self, tmp_path: Path) -> None:
        port = fresh_port(tmp_path / "port")
        mailbox = Mailbox(tmp_path / "mailbox", address=(LOCALHOST, port))
        await mailbox.start()
        try:
            assert mailbox.port == port
            await send(mailbox, a_letter())
            assert mailbox.count == 1
        finally:
            await mailbox.stop()
