"""What moderation can be told about somebody's standing."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.moderation.domain.detection import Alarm
from services.moderation.domain.standing.events import NotedRole
from services.moderation.domain.standing.ladder import LadderRules, Part, StandingName
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAppointment:
    """Know that this person may act in this role, from this organisation."""

    person_id: str
    role: NotedRole
    organisation_id: str | None
    granted_at: datetime | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEmployer:
    """Know for whom this person works from now on."""

    person_id: str
    organisation_id: str
    is_reviewer: bool = False
    """They were made a reviewer; otherwise it says nothing of what they do."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMentee:
    """Know whom this person supports, whether they moderate yet or not."""

    person_id: str
    participant_id: str
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHearing:
    """Know that this person hears an appeal about a case."""

    person_id: str
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReading:
    """Know that this person has read how a portfolio was judged."""

    person_id: str
    case_id: str
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCohort:
    """Know that this person judges in a cohort."""

    person_id: str
    cohort_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDown:
    """Judge nothing of a cohort blind any more, to read what others judged in it."""

    person_id: str
    cohort_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighResult:
    """Let a judgement that was moderated and settled count for their standing."""

    person_id: str
    part: Part
    judgement_id: UUID
    cohort_id: str
    judged_at: datetime
    """When they judged; it is settled later, maybe after a pause."""
    level_difference: int
    is_overturned: bool
    is_clear: bool
    alarms: tuple[Alarm, ...]
    """Charts at their alarm with this result; none when it was quiet."""
    rules: LadderRules
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStanding:
    """As the lead: look at somebody's judgements more or less closely."""

    person_id: str
    part: Part
    standing: StandingName
    reason: Personal[str]
    by: str
    is_by_lead: bool
    """What facts say of who asks."""
    qualify_in: str | None = None
    """The cohort whose plan wants them to qualify first, if there is one."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireQualification:
    """Let somebody new judge nothing before they have qualified in this cohort."""

    person_id: str
    cohort_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassQualification:
    """Know that somebody has qualified in this cohort: their pause ends."""

    person_id: str
    cohort_id: str
    at: datetime


StandingCommand: TypeAlias = (
    NoteAppointment
    | NoteEmployer
    | NoteMentee
    | NoteHearing
    | NoteReading
    | JoinCohort
    | StandDown
    | WeighResult
    | SetStanding
    | RequireQualification
    | PassQualification
)
