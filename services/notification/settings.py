"""Settings of notification: who signs, where mail goes, how patient it is."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from shared.settings import CommonSettings

PLACEHOLDER_ADDRESS = "awards@attest.example"
"""Nobody's: names under ``.example`` are never delivered. Source: RFC 2606."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    smtp_url: SecretStr
    """``smtp://[user:password@]host:port`` or ``smtps://...``."""
    mail_from_name: str = Field(
        default="Professional Status Team", min_length=1, max_length=200
    )
    """Who signs the letters."""
    mail_from_address: str = PLACEHOLDER_ADDRESS
    """Sender and reply address; the placeholder serves a mailbox on this machine."""
    mail_first_retry_seconds: float = Field(default=30.0, gt=0, le=3_600)
    """Wait after the first try; doubles each time (P)."""
    mail_longest_retry_seconds: float = Field(default=3_600.0, gt=0, le=86_400)
    mail_tries: int = Field(default=80, ge=1, le=1_000)
    """Tries before a letter counts as failed: with an hour between them, about three
    days, as long as mail services keep trying (GOV.UK Notify: 72 hours)."""
    mail_poll_seconds: float = Field(default=1.0, gt=0, le=600)
    """How often letters that are due are looked for."""
    mail_senders: int = Field(default=3, ge=1, le=16)
    """Letters on their way at the same time."""
    letter_processes: int = Field(default=1, ge=1, le=32)
    """Processes that render letters."""

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        """Refuse to write to the world from an address that is nobody's."""
        host = urlsplit(self.smtp_url.get_secret_value()).hostname
        if host not in _LOOPBACK and self.mail_from_address == PLACEHOLDER_ADDRESS:
            message = "MAIL_FROM_ADDRESS: set your own when SMTP_URL is elsewhere"
            raise ValueError(message)
        return self
