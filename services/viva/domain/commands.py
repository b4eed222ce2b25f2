"""What can be asked of the viva of a case, and what it can be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.viva.domain.events import Verdict
from services.viva.domain.panellist.evolve import Panellist
from services.viva.domain.round.events import Mode
from shared.personal import Personal
from shared.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the programme says, in the versions that the case pinned."""

    needs_viva: bool
    attempts: int
    """How many vivas there can be."""
    book_until_days: int
    """Last day on which a time can still be chosen or given up, before the viva."""
    reminder_days: tuple[int, ...] = ()
    """Days before that, at or before which who has no time is reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conferral:
    """What an award would bring, and the number it would have."""

    award_id: str
    status: str
    grade: str | None
    post_nominals: tuple[str, ...]
    has_certificate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who is to decide, as folded now."""

    person_id: str
    known: Panellist


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A slot as the round has it now."""

    round_id: str
    slot_id: str
    programme: str
    cohorts: tuple[str, ...]
    """Whose participants may book; empty for everybody in the programme."""
    starts_at: datetime
    minutes: int
    """How long a viva takes in this round, without adjustments."""
    room_minutes: int
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTie:
    """Know who, or which organisation, is close to the participant."""

    mentor_id: str | None
    organisation_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePart:
    """Know who has a part in the case elsewhere."""

    case_id: str
    person_ids: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePortfolio:
    """Know what was handed in."""

    case_id: str
    participant_id: str
    attempt: int
    snapshot_sha256: str
    snapshot_path: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOutcome:
    """Know what moderation has released."""

    case_id: str
    cohort_id: str
    attempt: int
    participant_id: str
    programme: str
    programme_version: str
    policy_version: str
    outcome: Outcome
    is_revision: bool
    took_part: tuple[str, ...]
    heard_of: UUID
    released_at: datetime
    terms: Terms
    conferral: Conferral
    """Used where no viva stands between the outcome and the award."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWithdrawal:
    """Know that the participant takes no further part."""

    withdrawn_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHold:
    """Know that the case stands still."""

    hold_id: str
    placed_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHoldEnd:
    """Know that the case goes on."""

    hold_id: str
    lifted_at: datetime
    terms: Terms | None
    """None while moderation has not spoken."""
    conferral: Conferral | None
    """As in `HearOutcome`; None while moderation has not spoken."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdjustment:
    """Give the viva more minutes."""

    extra_minutes: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointPanel:
    """Let these two hold the viva; the deputy stands in for a lead who may not."""

    lead: Member
    head: Member
    deputy: Member | None
    sitting: tuple[Member, ...] = ()
    """Who is on the panel now."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookViva:
    """Choose a time, or another one."""

    participant_id: str | None
    """Who asks; None for operations, who may help up to the last moment."""
    place: Place
    arrangements: tuple[str, ...]
    """What was agreed for vivas of this case on that day."""
    terms: Terms
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Remind of an offer that is not taken, if that is due."""

    round_id: str
    opened_at: datetime
    """When the round was opened."""
    places: tuple[Place, ...]
    """What is free in it."""
    terms: Terms
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVerdict:
    """Say how the viva went."""

    by: Member
    other: Member | None
    """The other of the panel, to be checked again; None where there is no panel."""
    verdict: Verdict
    notes: Personal[str]
    terms: Terms
    conferral: Conferral
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDifference:
    """Decide between two verdicts."""

    by: Member
    verdict: Verdict
    notes: Personal[str]
    terms: Terms
    conferral: Conferral
    at: datetime


VivaCommand: TypeAlias = (
    NoteTie
    | NotePart
    | NotePortfolio
    | HearOutcome
    | NoteWithdrawal
    | NoteHold
    | NoteHoldEnd
    | NoteAdjustment
    | AppointPanel
    | BookViva
    | Remind
    | GiveVerdict
    | SettleDifference
)
