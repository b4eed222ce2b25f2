"""Mail servers on 127.0.0.1: one says what a test wants, one encrypts and signs in."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shared.clock import utc_now

CUT = "cut"
"""Instead of an answer: close the connection."""
SILENT = "silent"
"""Instead of an answer: nothing."""
USER, PASSWORD = "attest", "p@ss/word"

_USUAL = {
    "greeting": "220 scripted",
    "EHLO": "250-scripted\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 1000000",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "content": "250 taken",
    "QUIT": "221 bye",
}


@dataclass(slots=True)
class Script:
    """What a server answers, and what it was told."""

    answers: Mapping[str, str]
    port: int = 0
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side is gone, which ends the conversation
        finally:
            writer.close()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        topic = "greeting"
        while await self._answered(topic, reader, writer):
            if topic == "DATA" and self.answers["DATA"].startswith("354"):
                self.contents.append(await reader.readuntil(b"\r\n.\r\n"))
                topic = "content"
                continue
            line = (await reader.readuntil(b"\r\n")).decode().strip()
            self.commands.append(line)
            topic = line[:4].upper()

    async def _answered(
        self, topic: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        answer = self.answers[topic]
        if answer == CUT:
            return False
        if answer == SILENT:
            await reader.read()
            return False
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return topic != "QUIT"


@asynccontextmanager
async def scripted(**answers: str) -> AsyncIterator[Script]:
    """Run a server that answers as usual, but for *answers*."""
    script = Script({**_USUAL, **answers})
    server = await asyncio.start_server(script.talk, "127.0.0.1", 0)
    script.port = server.sockets[0].getsockname()[1]
    try:
        yield script
    finally:
        server.close()
        await server.wait_closed()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for 127.0.0.1 and the two sides that use it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate(directory: Path) -> Certificate:
    """Return a certificate that its own client trusts, and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(utc_now() - timedelta(days=1))
        .not_valid_after(utc_now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(path)
    return Certificate(server, ssl.create_default_context(cafile=path))


@dataclass(slots=True)
class Secured:
    """A server that encrypts, and what it was given: content, and whether encrypted."""

    port: int = 0
    taken: list[tuple[bytes, bool]] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(server.transport, asyncio.BaseTransport)
        is_encrypted = server.transport.get_extra_info("sslcontext") is not None
        self.taken.append((envelope.original_content or b"", is_encrypted))
        return "250 taken"


@asynccontextmanager
async def secured(
    tls: ssl.SSLContext, *, from_the_start: bool = False, signs_in: bool = False
) -> AsyncIterator[Secured]:
    """Run a server that offers STARTTLS, or is encrypted *from_the_start*."""
    secured_server = Secured()

    def session() -> SMTP:
        return SMTP(
            secured_server,
            hostname="localhost",
            tls_context=None if from_the_start else tls,
            authenticator=_signed_in if signs_in else None,
            auth_required=signs_in,
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", 0, ssl=tls if from_the_start else None
    )
    secured_server.port = server.sockets[0].getsockname()[1]
    try:
        yield secured_server
    finally:
        server.close()
        await server.wait_closed()


def _signed_in(
    _server: SMTP, _session: Session, _envelope: Envelope, _method: str, data: object
) -> AuthResult:
    expected = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == expected, handled=False)
