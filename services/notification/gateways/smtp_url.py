"""Where the mail server is: one URL, read once."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from shared.errors import BadInputError

_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_ENCRYPTED_PORT = 465
"""Source: RFC 8314 7.3."""
_SUBMISSION_PORT = 587
"""For those who sign in. Source: RFC 6409 3.1."""
_RELAY_PORT = 25
"""Source: RFC 5321 4.5.4.2."""


class MalformedSmtpUrlError(BadInputError):
    """SMTP_URL must be smtp[s]://[user:password@]host[:port]: correct it."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who we are to the server."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and how to talk to it."""

    host: str
    port: int
    is_encrypted: bool
    """From the first byte; otherwise as soon as the server offers it."""
    sign_in: SignIn | None

    @property
    def is_local(self) -> bool:
        """Whether what is said to it stays on this machine."""
        return self.host in _LOCAL


def mail_server(url: str) -> MailServer:
    """Return the server that *url* names, percent-escapes in the sign-in decoded.

    Raises:
        MalformedSmtpUrlError: names what is wrong, never the URL: it holds a secret.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _malformed("the port is a number up to 65535") from None
    if parts.scheme not in {"smtp", "smtps"}:
        raise _malformed("it begins with smtp:// or smtps://")
    if not parts.hostname:
        raise _malformed("the host is missing")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _malformed("nothing follows the port; escape / ? # in a password")
    sign_in = _sign_in(parts)
    is_encrypted = parts.scheme == "smtps"
    usual = _SUBMISSION_PORT if sign_in else _RELAY_PORT
    return MailServer(
        host=parts.hostname,
        port=port or (_ENCRYPTED_PORT if is_encrypted else usual),
        is_encrypted=is_encrypted,
        sign_in=sign_in,
    )


def _sign_in(parts: SplitResult) -> SignIn | None:
    if parts.username is None:
        return None
    if not parts.username or not parts.password:
        raise _malformed("a sign-in is user:password")
    return SignIn(unquote(parts.username), unquote(parts.password))


def _malformed(rule: str) -> MalformedSmtpUrlError:
    message = f"SMTP_URL must be smtp[s]://[user:password@]host[:port]: {rule}."
    return MalformedSmtpUrlError(message)
