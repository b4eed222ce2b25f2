"""What somebody can ask of the content of a portfolio."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSection:
    """Put this content into a section."""

    key: str
    words: int
    pictures: int
    content_hash: str
    path: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachEvidence:
    """Put a file into the portfolio."""

    evidence_id: str
    name: Personal[str]
    media_type: str
    size_bytes: int
    content_hash: str
    path: str
    at: datetime


PortfolioCommand: TypeAlias = SaveSection | AttachEvidence
