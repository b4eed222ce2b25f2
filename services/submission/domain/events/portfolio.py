"""How a portfolio grows; words, names and files are elsewhere, or sealed."""

from typing import Literal, TypeAlias

from pydantic import Field

from shared.contracts.portfolio import EvidenceId, SectionKey
from shared.decider import Fact
from shared.personal import Personal
from shared.vocabulary import Sha256

EvidenceUse: TypeAlias = Literal["section", "evidence", "embedded"]
"""What a file is: a section as uploaded, evidence, or a picture in a document."""


class TemplateChosen(Fact):
    """The participant builds a portfolio of this shape."""

    type: Literal["submission.TemplateChosen"] = "submission.TemplateChosen"
    template: str


class SectionSaved(Fact):
    """A section of the portfolio has this content now; the words are in a blob."""

    type: Literal["submission.SectionSaved"] = "submission.SectionSaved"
    key: SectionKey
    words: int = Field(ge=0)
    pictures: int = Field(ge=0)
    content_hash: Sha256
    path: str


class SelfRatingRecorded(Fact):
    """The participant rated themself; the comments are in a blob.

    It is the content of its section, as a table like the one people upload.
    """

    type: Literal["submission.SelfRatingRecorded"] = "submission.SelfRatingRecorded"
    key: SectionKey
    ratings: dict[str, str]
    """Key of the rating by number of the standard."""
    standards: int = Field(ge=1)
    """How many the programme asks to rate."""
    words: int = Field(ge=0)
    content_hash: Sha256
    path: str

    @property
    def pictures(self) -> int:
        """None: a self-assessment is words."""
        return 0


class EvidenceAttached(Fact):
    """A file belongs to the portfolio; its bytes are in the evidence store."""

    type: Literal["submission.EvidenceAttached"] = "submission.EvidenceAttached"
    evidence_id: EvidenceId
    name: Personal[str]
    media_type: str
    size_bytes: int = Field(ge=0)
    content_hash: Sha256
    path: str
    use: EvidenceUse = "evidence"


class EvidenceRemoved(Fact):
    """A file does not belong to the portfolio any more; its bytes are kept."""

    type: Literal["submission.EvidenceRemoved"] = "submission.EvidenceRemoved"
    evidence_id: EvidenceId


PortfolioEvent: TypeAlias = (
    EvidenceAttached
    | SectionSaved
    | SelfRatingRecorded
    | EvidenceRemoved
    | TemplateChosen
)
"""What changes the content of a portfolio; the commonest first."""
