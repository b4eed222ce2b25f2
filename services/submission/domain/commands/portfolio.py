"""What somebody can ask of the content of a portfolio."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.submission.domain.events import EvidenceUse
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseTemplate:
    """Build a portfolio of this shape."""

    template: str
    at: datetime


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
class RecordSelfRating:
    """Rate oneself against standards, all of them or some so far."""

    key: str
    ratings: Mapping[str, str]
    """Key of the rating by number of the standard."""
    standards: tuple[str, ...]
    """Numbers of the standards that the section asks to rate."""
    scale: tuple[str, ...]
    """Keys of the ratings there are."""
    words: int
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
    use: EvidenceUse = "evidence"
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEvidence:
    """Take a file out of the portfolio."""

    evidence_id: str
    at: datetime


PortfolioCommand: TypeAlias = (
    ChooseTemplate | SaveSection | RecordSelfRating | AttachEvidence | RemoveEvidence
)
