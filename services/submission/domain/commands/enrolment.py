"""What somebody can ask to take part, and about who supports them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


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


EnrolmentCommand: TypeAlias = Enrol | NominateMentor
