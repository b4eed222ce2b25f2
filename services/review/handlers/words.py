"""What a reviewer writes, in clear, on its way to the vault or back from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from shared.contracts.portfolio import (
    EvidenceReference,
    FileReference,
    Passage,
    SectionKey,
)
from shared.vocabulary import CriterionKey, Level

MAX_TEXT_CHARACTERS = 6_000
"""Longest single text: the same as feedback accepts. Source: shared/contracts."""

_REFERENCES = TypeAdapter(tuple[EvidenceReference, ...])

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_TEXT_CHARACTERS)
]
FilledText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARACTERS
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who asks, for which review, with which token, and when."""

    review_id: str
    reviewer_id: str
    token: int | None
    at: datetime


class _Words(BaseModel):
    """Words of a reviewer: strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class QuotedPassage(Passage):
    """A passage, and what the reviewer believes to cite."""

    quote: str | None = Field(default=None, max_length=MAX_TEXT_CHARACTERS)


Cited: TypeAlias = Annotated[QuotedPassage | FileReference, Field(discriminator="kind")]


class ModificationWords(_Words):
    """What has to change before the criterion is met."""

    section: SectionKey
    standard: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    text: FilledText


class CriterionWords(_Words):
    """A judgement of one criterion."""

    level: Level
    rationale: Text = ""
    evidence: tuple[Cited, ...] = Field(default=(), max_length=50)
    modifications: tuple[ModificationWords, ...] = Field(default=(), max_length=30)

    def references(self) -> tuple[EvidenceReference, ...]:
        """Return what is cited as facts keep it: without the quoted words."""
        return _REFERENCES.validate_python(
            [each.model_dump(exclude={"quote"}) for each in self.evidence]
        )


class FeedbackWords(_Words):
    """What the participant is to read, as far as it is written."""

    overall: FilledText
    comments: dict[CriterionKey, FilledText] = Field(default_factory=dict)


class RecallWords(_Words):
    """What a reviewer says about a judgement they take back, if anything."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = (
        ""
    )


class HeldReview(BaseModel):
    """A review as its holder sees it: never another reviewer's words."""

    state: Literal["held"] = "held"
    review_id: str
    case_id: str
    cohort_id: str
    attempt: int
    programme: str
    template: str
    role_context: str | None
    submitted_at: datetime
    due_at: datetime
    snapshot_sha256: str
    token: int
    lease_ends_at: datetime
    criteria: dict[CriterionKey, CriterionWords]
    feedback: FeedbackWords | None
    returned_because: str | None = None
    """What moderation asks for, when it returned this reviewer's judgement."""
