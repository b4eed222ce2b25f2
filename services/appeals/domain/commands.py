"""What somebody can ask of an appeal.

Every command carries the case as folded now: whether it is in time, and who may hear
it, is decided from that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.events import Remedy
from services.appeals.domain.hearer.evolve import Hearer
from shared.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExplanation:
    """Ask why a decision was made."""

    case_id: str
    number: int
    file: CaseFile
    decision_id: str
    by: str
    question: Personal[str] | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveExplanation:
    """Explain the decision."""

    file: CaseFile
    by: str
    explanation: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LodgeAppeal:
    """Appeal against the decision that was explained."""

    file: CaseFile
    by: str
    grounds: tuple[str, ...]
    statement: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LodgeAboutSupport:
    """Appeal against the support received."""

    case_id: str
    number: int
    file: CaseFile
    by: str
    statement: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointPanel:
    """Say who hears the appeal."""

    file: CaseFile
    members: Mapping[str, Hearer]
    """By person, as folded now."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAppeal:
    """Uphold or dismiss, for the panel."""

    file: CaseFile
    members: Mapping[str, Hearer]
    """The panel, as folded now: its independence is checked again."""
    by: str
    decision: Literal["upheld", "dismissed"]
    remedy: Remedy | None
    """What follows from an upheld appeal; None for a dismissed one."""
    reasons: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondAboutSupport:
    """Answer an appeal about support in writing."""

    file: CaseFile
    by: str
    decision: Literal["upheld", "dismissed"]
    reasons: Personal[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopClock:
    """Let the clock stand still; *file* knows of the hold."""

    file: CaseFile
    hold_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartClock:
    """Let the clock run on; *file* knows of the hold's end."""

    file: CaseFile
    hold_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FallOverdue:
    """Record that an answer is late, if it is."""

    file: CaseFile
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Discontinue:
    """End it: the participant has withdrawn."""

    at: datetime


ClockCommand: TypeAlias = StopClock | RestartClock | FallOverdue | Discontinue
"""What happens to an appeal without anybody asking."""

AppealCommand: TypeAlias = (
    RequestExplanation
    | GiveExplanation
    | LodgeAppeal
    | LodgeAboutSupport
    | AppointPanel
    | DecideAppeal
    | RespondAboutSupport
    | ClockCommand
)
