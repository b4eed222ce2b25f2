"""What somebody can ask of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from services.submission.domain.events import ExtensionReason, RoleContext
from shared.contracts.programme import Template
from shared.personal import Personal
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrol:
    """Take part in a cohort."""

    case_id: str
    person_id: str
    cohort_id: str
    organisation_id: str
    programme: str
    programme_version: str
    policy_version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NominateMentor:
    """Say who supports the participant."""

    mentor_id: str
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
class AttachEvidence:
    """Put a file into the portfolio."""

    evidence_id: str
    name: Personal[str]
    media_type: str
    size_bytes: int
    content_hash: str
    path: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadline:
    """Let this one case be handed in later than its cohort."""

    deadline: date
    reason: ExtensionReason
    role: Role
    """In which role it is asked for."""
    cohort_deadline: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Hand the portfolio in."""

    template: Template
    role_context: RoleContext | None
    snapshot_sha256: str
    snapshot_path: str
    cohort_deadline: date
    at: datetime
    """When it was received at the edge."""


CaseCommand: TypeAlias = (
    Enrol | NominateMentor | SaveSection | AttachEvidence | MoveDeadline | Submit
)
