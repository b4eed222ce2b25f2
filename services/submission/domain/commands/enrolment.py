"""What somebody can ask to take part, and about who supports them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from services.submission.domain.events import Eligibility, FormFile
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Ask to take part in a cohort of a programme that wants an application."""

    case_id: str
    person_id: str
    cohort_id: str
    programme: str
    programme_version: str
    policy_version: str
    answered: tuple[str, ...]
    """Keys of the requirements that the form answers."""
    requirements: tuple[str, ...]
    """Keys of the programme's requirements."""
    answers: Personal[str]
    form: FormFile | None = None
    """The document that they came in."""
    opens_on: date
    closes_on: date
    """First and last day on which the programme takes applications."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideEligibility:
    """Say whether an applicant may take part."""

    decision: Eligibility
    reason: str | None
    """Key of the requirement that is not met."""
    requirements: tuple[str, ...]
    decided_by: str
    at: datetime


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
    needs_application: bool = False
    by_office: bool = False
    """Entered by operations, who may do without an application."""
    restart_of: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NominateMentor:
    """Say who supports the participant."""

    mentor_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForMentor:
    """Ask the programme to appoint somebody."""

    is_offered: bool
    """Whether the programme does so at all."""
    asked_by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointMentor:
    """Appoint somebody for a participant who asked."""

    mentor_id: str
    appointed_by: str
    at: datetime


EnteringCommand: TypeAlias = Apply | DecideEligibility | Enrol
MentorCommand: TypeAlias = NominateMentor | AskForMentor | AppointMentor
EnrolmentCommand: TypeAlias = EnteringCommand | MentorCommand
