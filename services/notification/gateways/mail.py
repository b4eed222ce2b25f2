r"""The mail server: hands over the bytes of a letter by SMTP, unchanged.

Invariant: what became of a letter is a value, and "not taken" is never said of a letter
that may have been taken.
"""

import contextlib
import re
import ssl
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from pydantic import SecretStr

from services.notification.gateways.delivery import (
    Accepted,
    Delivery,
    Refused,
    Uncertain,
    Unreachable,
)
from services.notification.gateways.smtp_url import mail_server
from services.notification.letters import postal_address
from shared.errors import BadInputError

_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_FIRST_REFUSAL, _FIRST_PERMANENT, _LAST_REFUSAL = 400, 500, 599
"""Source: RFC 5321 4.2.1."""
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
"""Our account is at fault, not the letter. Source: RFC 4954 6."""


class MalformedContentError(BadInputError):
    r"""The lines of a letter end with \r\n: otherwise other bytes would arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long to wait for the server."""

    command_seconds: float = 60.0
    """To connect, and for the answer to a command.
    RFC 5321 4.5.3.2 lets a server take 300; a later try costs little (P)."""
    content_seconds: float = 600.0
    """For the answer to the content: giving up early makes doubles.
    Source: RFC 5321 4.5.3.2.6."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: str
    recipient: str
    content: bytes

    @property
    def needs(self) -> tuple[str, ...]:
        """Extensions without which the server cannot take this letter."""
        head, _, _ = self.content.partition(b"\r\n\r\n")
        addresses = self.sender + self.recipient
        in_utf8 = not addresses.isascii() or not head.isascii()
        in_8bit = in_utf8 or not self.content.isascii()
        return ("8bitmime",) * in_8bit + ("smtputf8",) * in_utf8

    def options(self, *, states_size: bool) -> list[str]:
        """Parameters of MAIL. Source: RFC 1870, RFC 6152, RFC 6531 3.4."""
        words = {"8bitmime": "BODY=8BITMIME", "smtputf8": "SMTPUTF8"}
        size = [f"SIZE={len(self.content)}"] if states_size else []
        return size + [words[extension] for extension in self.needs]


class MailGateway:
    """Sends letters through the server at *smtp_url*, one connection for each.

    ``smtps://`` is encrypted from the start, ``smtp://`` as soon as the server offers
    it. A password is never sent unencrypted, except to this machine.
    """

    def __init__(
        self,
        smtp_url: SecretStr,
        *,
        waits: Waits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Read *smtp_url*; *tls* says whom to trust, by default the system's list.

        Raises:
            MalformedSmtpUrlError: another scheme, no host, a path, half a sign-in.
        """
        self._server = mail_server(smtp_url.get_secret_value())
        self._waits = waits or Waits()
        self._tls = tls

    async def send(self, *, recipient: str, sender: str, content: bytes) -> Delivery:
        r"""Hand over *content* and tell what became of it.

        Who cancels this does not know either: the letter may have been taken.

        Raises:
            MalformedAddressError: *recipient* or *sender* is not name@domain.
            MalformedContentError: a line of *content* does not end with ``\r\n``.
        """
        if _BARE_LINE_END.search(content) or not content.endswith(b"\r\n"):
            raise MalformedContentError
        own_name = postal_address(sender)[1]
        envelope = _Envelope(
            "@".join(postal_address(sender)),
            "@".join(postal_address(recipient)),
            content,
        )
        client = self._client(own_name)
        try:
            return await self._converse(client, envelope)
        finally:
            client.close()

    def _client(self, own_name: str) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.is_encrypted,
            # Named, or the library asks the name service for the machine's name.
            local_hostname=own_name,
            timeout=self._waits.command_seconds,
            tls_context=self._tls,
        )

    async def _converse(self, client: SMTP, envelope: _Envelope) -> Delivery:
        try:
            problem = await self._open(client) or await self._announce(client, envelope)
        except SMTPResponseException as error:
            return _unsent(error.code, is_permanent=False)
        except ssl.SSLError:
            return Unreachable("protocol")
        except OSError:
            return Unreachable("connection")
        except SMTPException:
            return Unreachable("protocol")
        if problem is not None:
            return problem
        delivery = await self._hand_over(client, envelope.content)
        with contextlib.suppress(SMTPException, OSError):
            await client.quit()
        return delivery

    async def _open(self, client: SMTP) -> Unreachable | None:
        """Connect, encrypt where it is offered, and sign in."""
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        sign_in = self._server.sign_in
        if sign_in is None:
            return None
        is_encrypted = client.get_transport_info("sslcontext") is not None
        if not is_encrypted and not self._server.is_local:
            return Unreachable("protocol")
        await client.login(sign_in.user, sign_in.password)
        return None

    async def _announce(self, client: SMTP, envelope: _Envelope) -> Delivery | None:
        """Say from whom and to whom, and hear whether the server takes such letters."""
        if not all(client.supports_extension(each) for each in envelope.needs):
            return Refused("protocol", is_permanent=True)
        states_size = client.supports_extension("size")
        options = envelope.options(states_size=states_size)
        encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        try:
            await client.mail(envelope.sender, options=options, encoding=encoding)
            await client.rcpt(envelope.recipient, encoding=encoding)
        except SMTPResponseException as error:
            return _unsent(error.code, is_permanent=_is_permanent(error.code))
        return None

    async def _hand_over(self, client: SMTP, content: bytes) -> Delivery:
        """Send the content; from here on, a broken line leaves the letter uncertain."""
        try:
            await client.data(content, timeout=self._waits.content_seconds)
        except SMTPResponseException as error:
            if _FIRST_REFUSAL <= error.code <= _LAST_REFUSAL:
                return _unsent(error.code, is_permanent=_is_permanent(error.code))
            return Uncertain()
        except (SMTPException, OSError):
            return Uncertain()
        return Accepted()


def _unsent(code: int, *, is_permanent: bool) -> Refused | Unreachable:
    if _FIRST_REFUSAL <= code <= _LAST_REFUSAL:
        return Refused(f"smtp-{code}", is_permanent=is_permanent)
    return Unreachable("protocol")


def _is_permanent(code: int) -> bool:
    return code >= _FIRST_PERMANENT and code not in _SIGN_IN_CODES
