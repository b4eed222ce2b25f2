"""What becomes of a letter at a mail server, good, bad and cut off."""

import re
import ssl
from pathlib import Path
from typing import get_args

import pytest
from pydantic import SecretStr, TypeAdapter

from services.notification.domain.events import TryReason
from services.notification.gateways import (
    Accepted,
    Delivery,
    MailGateway,
    MalformedContentError,
    MalformedSmtpUrlError,
    Refused,
    Uncertain,
    Unreachable,
    Waits,
)
from services.notification.gateways.smtp_url import mail_server
from services.notification.letters import MalformedAddressError
from shared.embedded import Mailbox
from tests.integration.notification.smtp_servers import (
    CUT,
    PASSWORD,
    SILENT,
    USER,
    Script,
    certificate,
    scripted,
    secured,
)
from tests.unit.notification.letters.examples import rendered

SHORT = Waits(command_seconds=5.0, content_seconds=0.5)
CONTENT = (
    b"From: <status@attest.example>\r\nMessage-ID: <1@attest.example>\r\n\r\nHello\r\n"
)
AWKWARD = (
    b"From: <status@attest.example>\r\nMessage-ID: <2@attest.example>\r\n\r\n"
    b".\r\n..\r\n.hidden\r\n\r\nend.\r\n.\r\nQUIT\r\n" + b"x" * 998 + b"\r\n\r\n.\r\n"
)


async def send(
    url: str,
    content: bytes = CONTENT,
    *,
    recipient: str = "ana@x.example",
    waits: Waits = SHORT,
    tls: ssl.SSLContext | None = None,
) -> Delivery:
    return await MailGateway(SecretStr(url), waits=waits, tls=tls).send(
        recipient=recipient, sender="status@attest.example", content=content
    )


async def arrived(mailbox: Mailbox) -> list[bytes]:
    return [await mailbox.source(line.letter_id) for line in mailbox.letters()]


class TestMailbox:
    """With the mailbox that every part of attest shares."""

    async def test_receives_the_bytes_that_were_stored(self, mailbox: Mailbox) -> None:
        letter = rendered().content
        assert await send(mailbox.smtp_url, letter) == Accepted()
        assert await arrived(mailbox) == [letter]

    async def test_receives_lines_that_begin_with_dots(self, mailbox: Mailbox) -> None:
        assert await send(mailbox.smtp_url, AWKWARD) == Accepted()
        assert await arrived(mailbox) == [AWKWARD]

    async def test_refuses_for_a_while_and_then_takes_the_letter(
        self, mailbox: Mailbox
    ) -> None:
        mailbox.faults.refuse(1)
        refused = await send(mailbox.smtp_url)
        assert refused == Refused("smtp-451", is_permanent=False)
        assert mailbox.count == 0
        assert await send(mailbox.smtp_url) == Accepted()
        assert mailbox.count == 1

    async def test_leaves_a_letter_uncertain_when_it_cuts_after_the_content(
        self, mailbox: Mailbox
    ) -> None:
        mailbox.faults.cut_after_data(1)
        assert await send(mailbox.smtp_url) == Uncertain()
        assert mailbox.count == 1
        assert await send(mailbox.smtp_url) == Accepted()
        (letter,) = mailbox.letters()
        assert letter.deliveries == 2
        assert letter.identical

    async def test_takes_an_address_with_a_name_beyond_ascii(
        self, mailbox: Mailbox
    ) -> None:
        sent = await send(mailbox.smtp_url, recipient="josé@x.example")
        assert sent == Accepted()
        assert mailbox.letters()[0].recipients == ("josé@x.example",)

    async def test_is_told_a_domain_beyond_ascii_as_dns_knows_it(
        self, mailbox: Mailbox
    ) -> None:
        assert await send(mailbox.smtp_url, recipient="a@münchen.example") == Accepted()
        assert mailbox.letters()[0].recipients == ("a@xn--mnchen-3ya.example",)

    async def test_that_stopped_is_unreachable(self, mailbox: Mailbox) -> None:
        await mailbox.stop()
        assert await send(mailbox.smtp_url) == Unreachable("connection")


class TestAnswers:
    """With a server that answers as the test says; the first test is the control."""

    async def test_as_usual_mean_that_the_letter_is_taken(self) -> None:
        async with scripted() as server:
            assert await send(server.url) == Accepted()
        assert server.contents == [CONTENT + b".\r\n"]
        assert server.commands[1] == (
            f"MAIL FROM:<status@attest.example> SIZE={len(CONTENT)}"
        )

    @pytest.mark.parametrize(
        ("topic", "answer", "expected"),
        [
            ("greeting", "421 busy", Refused("smtp-421", is_permanent=False)),
            ("greeting", "554 no", Refused("smtp-554", is_permanent=False)),
            ("greeting", "SSH-2.0-x", Unreachable("protocol")),
            ("greeting", CUT, Unreachable("connection")),
            ("EHLO", CUT, Unreachable("connection")),
            ("MAIL", "451 later", Refused("smtp-451", is_permanent=False)),
            ("MAIL", "550 never", Refused("smtp-550", is_permanent=True)),
            ("MAIL", "552 too large", Refused("smtp-552", is_permanent=True)),
            ("MAIL", "530 sign in", Refused("smtp-530", is_permanent=False)),
            ("MAIL", "nonsense", Unreachable("protocol")),
            ("MAIL", CUT, Unreachable("connection")),
            ("RCPT", "452 full", Refused("smtp-452", is_permanent=False)),
            ("RCPT", "550 unknown", Refused("smtp-550", is_permanent=True)),
            ("RCPT", CUT, Unreachable("connection")),
            ("DATA", "451 later", Refused("smtp-451", is_permanent=False)),
            ("DATA", "554 never", Refused("smtp-554", is_permanent=True)),
            ("content", "451 later", Refused("smtp-451", is_permanent=False)),
            ("content", "554 spam", Refused("smtp-554", is_permanent=True)),
            ("content", "nonsense", Uncertain()),
            ("content", "299 perhaps", Uncertain()),
            ("content", SILENT, Uncertain()),
            ("content", CUT, Uncertain()),
            ("QUIT", CUT, Accepted()),
            ("QUIT", "500 what", Accepted()),
        ],
    )
    async def test_decide_what_became_of_the_letter(
        self, topic: str, answer: str, expected: Delivery
    ) -> None:
        async with scripted(**{topic: answer}) as server:
            assert await send(server.url) == expected
        was_sent = topic in {"content", "QUIT"}
        assert bool(server.contents) is was_sent

    async def test_that_never_come_end_the_wait(self) -> None:
        waits = Waits(command_seconds=0.3)
        async with scripted(greeting=SILENT) as server:
            assert await send(server.url, waits=waits) == Unreachable("connection")

    async def test_never_leave_as_words(self) -> None:
        async with scripted(RCPT="550 ana@x.example is unknown here") as server:
            assert "ana" not in repr(await send(server.url))

    async def test_of_a_server_without_utf8_refuse_such_an_address(self) -> None:
        async with scripted(EHLO="250 scripted") as server:
            sent = await send(server.url, recipient="josé@x.example")
            assert sent == Refused("protocol", is_permanent=True)
            assert await send(server.url) == Accepted()
        assert server.commands[-2:] != ["DATA", "DATA"]
        assert len(server.contents) == 1

    async def test_come_from_nobody_where_nobody_listens(self) -> None:
        async with scripted() as server:
            assert await send(server.url) == Accepted()
        assert await send(server.url) == Unreachable("connection")


class TestReasons:
    @pytest.mark.parametrize(
        "delivery",
        [
            Refused("smtp-451", is_permanent=False),
            Refused("protocol", is_permanent=True),
            Uncertain(),
            Unreachable("connection"),
            Unreachable("protocol"),
        ],
    )
    def test_can_be_recorded_as_they_are(
        self, delivery: Refused | Uncertain | Unreachable
    ) -> None:
        recorded = TypeAdapter[str](TryReason).validate_python(delivery.reason)
        assert recorded == delivery.reason

    def test_are_checked_here_for_every_kind_of_delivery(self) -> None:
        assert set(get_args(Delivery)) == {Accepted, Refused, Uncertain, Unreachable}


class TestEncryption:
    @pytest.mark.parametrize("scheme", ["smtp", "smtps"])
    async def test_is_used_when_offered_and_from_the_start(
        self, tmp_path: Path, scheme: str
    ) -> None:
        sides = certificate(tmp_path)
        async with secured(sides.server, from_the_start=scheme == "smtps") as server:
            url = f"{scheme}://127.0.0.1:{server.port}"
            assert await send(url, tls=sides.client) == Accepted()
        assert server.taken == [(CONTENT, True)]

    async def test_to_somebody_unknown_sends_nothing(self, tmp_path: Path) -> None:
        async with secured(certificate(tmp_path).server) as server:
            sent = await send(f"smtp://127.0.0.1:{server.port}")
        assert sent == Unreachable("protocol")
        assert server.taken == []

    async def test_lets_us_sign_in(self, tmp_path: Path) -> None:
        sides = certificate(tmp_path)
        escaped = PASSWORD.replace("@", "%40").replace("/", "%2F")
        async with secured(sides.server, signs_in=True) as server:
            place = f"127.0.0.1:{server.port}"
            nobody = await send(f"smtp://{place}", tls=sides.client)
            wrong = await send(f"smtp://{USER}:wrong@{place}", tls=sides.client)
            assert server.taken == []
            right = await send(f"smtp://{USER}:{escaped}@{place}", tls=sides.client)
        assert nobody == Refused("smtp-530", is_permanent=False)
        assert wrong == Refused("smtp-535", is_permanent=False)
        assert right == Accepted()
        assert server.taken == [(CONTENT, True)]

    async def test_is_needed_before_a_password_leaves_this_machine(self) -> None:
        """``127.1`` is 127.0.0.1 in a spelling that is not taken for local."""
        ehlo = "250-scripted\r\n250 AUTH PLAIN LOGIN"
        async with scripted(EHLO=ehlo, AUTH="235 welcome") as server:
            away = f"smtp://{USER}:secret@127.1:{server.port}"
            assert await send(away) == Unreachable("protocol")
            assert not _signs_in(server)
            here = f"smtp://{USER}:secret@127.0.0.1:{server.port}"
            assert await send(here) == Accepted()
            assert _signs_in(server)


def _signs_in(server: Script) -> bool:
    return any(command.startswith("AUTH") for command in server.commands)


class TestSmtpUrl:
    def test_names_server_port_and_sign_in(self) -> None:
        server = mail_server("smtp://us%40er:p%2Fw@mail.example")
        assert (server.host, server.port) == ("mail.example", 587)
        assert server.sign_in is not None
        assert (server.sign_in.user, server.sign_in.password) == ("us@er", "p/w")
        assert mail_server("smtp://mail.example").port == 25
        assert mail_server("smtps://mail.example").port == 465
        assert mail_server("smtp://mail.example:2525").port == 2525

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://user@mail.example",
            "smtp://user:sec/ret@mail.example",
            "smtp://mail.example:99999",
            "smtp://mail.example/path",
            "smtp://mail.example?x=1",
        ],
    )
    def test_is_refused_without_being_quoted(self, url: str) -> None:
        with pytest.raises(MalformedSmtpUrlError) as refused:
            MailGateway(SecretStr(url))
        assert not re.search(r"sec|mail\.example|user@", str(refused.value))


class TestLetter:
    @pytest.mark.parametrize(
        "content", [b"", b"a: b\n\nc\n", b"a: b\r\n\r\nc", b"a: b\r\n\r\nc\rd\r\n"]
    )
    async def test_with_other_line_ends_is_refused(self, content: bytes) -> None:
        with pytest.raises(MalformedContentError):
            await send("smtp://127.0.0.1:1", content)

    async def test_to_no_address_is_refused(self) -> None:
        with pytest.raises(MalformedAddressError):
            await send(
                "smtp://127.0.0.1:1", recipient="a@x.example>\r\nRCPT TO:<b@x.example"
            )
