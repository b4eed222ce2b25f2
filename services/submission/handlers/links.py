"""One-time links: made at the moment of sending, never stored and never logged.

Invariant: a link is HMAC(link key, case, request, recipient, expiry), so it can be
checked by itself; whether it may be used is decided from facts.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from services.submission.domain.commands import Link
from services.submission.domain.contributing import WrongLinkError
from services.submission.domain.events import ContributionRequested
from shared.crypto import Vault

_ID = r"[a-z0-9][a-z0-9_-]{0,63}"
_TOKEN = re.compile(rf"({_ID})\.({_ID})\.({_ID})\.(\d{{1,12}})\.([A-Za-z0-9_-]{{43}})")
_PATH = re.compile(r"/links/([^/]+)(?:/.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A link that is one of ours, in the hands of somebody."""

    case_id: str
    request_id: str
    recipient_id: str
    expires_at: datetime

    def by(self, address_hash: str) -> Link:
        """Return the link as presented by who gave the address of this hash."""
        return Link(
            request_id=self.request_id,
            recipient_id=self.recipient_id,
            expires_at=self.expires_at,
            confirmed=address_hash,
        )


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links, and tells ours from others."""

    vault: Vault
    url: str
    """Where this service answers, as those see it who get a link."""

    def link(self, case_id: str, request: ContributionRequested) -> str:
        """Return the address to put into a letter."""
        expires = str(int(request.expires_at.timestamp()))
        parts = (case_id, request.request_id, request.recipient_id, expires)
        token = ".".join((*parts, self.vault.link_mac(*parts)))
        return f"{self.url.rstrip('/')}/links/{token}"

    def presented(self, token: str) -> Presented:
        """Return what *token* stands for.

        Raises:
            WrongLinkError: it is not one of ours, or not complete.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise WrongLinkError
        *parts, mac = found.groups()
        if not hmac.compare_digest(mac, self.vault.link_mac(*parts)):
            raise WrongLinkError
        case_id, request_id, recipient_id, expires = parts
        return Presented(
            case_id=case_id,
            request_id=request_id,
            recipient_id=recipient_id,
            expires_at=datetime.fromtimestamp(int(expires), tz=UTC),
        )

    def is_held_in(self, path: str) -> bool:
        """Tell whether *path* is one below a link of ours."""
        found = _PATH.fullmatch(path)
        if found is None:
            return False
        try:
            self.presented(found[1])
        except WrongLinkError:
            return False
        return True
