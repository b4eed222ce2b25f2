"""What somebody can ask about the words of other people."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.submission.domain.events import ContributionKind
from shared.contracts.programme import SectionTemplate
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContribution:
    """Ask somebody for their words."""

    request_id: str
    section: SectionTemplate
    contribution: ContributionKind
    recipient_id: str
    address_hash: str
    name: Personal[str]
    email: Personal[str]
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a one-time link says, and who says that it came to them."""

    request_id: str
    recipient_id: str
    expires_at: datetime
    confirmed: str
    """Keyed hash of the address that whoever holds the link gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveContribution:
    """Use a link: these are the words."""

    link: Link
    words: int
    content_hash: str
    path: str
    at: datetime


ContributionCommand: TypeAlias = RequestContribution | ReceiveContribution
