"""How a portfolio grows; words, names and files are elsewhere, or sealed."""

from typing import Literal, TypeAlias

from pydantic import Field

from shared.contracts.portfolio import EvidenceId, SectionKey
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Sha256


class SectionSaved(Fact):
    """A section of the portfolio has this content now; the words are in a blob."""

    type: Literal["submission.SectionSaved"] = "submission.SectionSaved"
    key: SectionKey
    words: int = Field(ge=0)
    pictures: int = Field(ge=0)
    content_hash: Sha256
    path: str


class EvidenceAttached(Fact):
    """A file belongs to the portfolio; its bytes are in the evidence store."""

    type: Literal["submission.EvidenceAttached"] = "submission.EvidenceAttached"
    evidence_id: EvidenceId
    name: Personal[str]
    media_type: str
    size_bytes: int = Field(ge=0)
    content_hash: Sha256
    path: str


PortfolioEvent: TypeAlias = SectionSaved | EvidenceAttached
"""What changes the content of a portfolio."""
