"""What somebody can ask of the directory about one person."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from shared.personal import Personal
from shared.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Enter a person, or state the organisation of one already entered."""

    person_id: str
    organisation_id: str | None
    """None when it is not known (yet)."""
    address_hash: str
    name: Personal[str]
    email: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole:
    """Let a person act in a role."""

    person_id: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOrganisation:
    """Say for whom a person works now."""

    person_id: str
    organisation_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlace:
    """Remember in which case a person takes part."""

    person_id: str
    case_id: str
    at: datetime


PersonCommand: TypeAlias = RegisterPerson | GrantRole | StateOrganisation | TakePlace
