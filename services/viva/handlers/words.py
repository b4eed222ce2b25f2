"""What people send: checked for form here, for sense by the deciders."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.viva.domain.events import Verdict
from services.viva.domain.round.events import MOST_SLOTS, Mode
from shared.vocabulary import CohortId, PersonId

RoundId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""For example ``ats-2026-june``."""

MOST_COHORTS = 20
LONGEST_SLOT_MINUTES = 240
MOST_EXTRA_MINUTES = 120
"""More needs another arrangement than a longer slot (P)."""
LONGEST_NOTES = 10_000
"""Characters, so that a sealed fact stays below 64 KiB. Source: architecture.md."""


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SlotWords(_Words):
    """A time that is offered."""

    starts_at: AwareDatetime
    mode: Mode
    room_minutes: Annotated[int | None, Field(gt=0, le=LONGEST_SLOT_MINUTES)] = None
    """How long it is free; as long as a viva where nothing is said."""


class RoundWords(_Words):
    """A round of vivas. Its slots are called s1, s2 and so on, in this order."""

    round_id: RoundId
    programme: Annotated[str, Field(min_length=1, max_length=40)]
    cohorts: Annotated[tuple[CohortId, ...], Field(max_length=MOST_COHORTS)] = ()
    """Whose participants may book; empty for everybody in the programme."""
    minutes: Annotated[int, Field(gt=0, le=LONGEST_SLOT_MINUTES)]
    slots: Annotated[tuple[SlotWords, ...], Field(min_length=1, max_length=MOST_SLOTS)]
    extra_because: Annotated[str | None, Field(min_length=1, max_length=500)] = None
    """Why it is held out of the months of the policy; about nobody in particular."""


class BookingWords(_Words):
    """The slot that is chosen."""

    round_id: RoundId
    slot_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class PanelWords(_Words):
    """Who is to hold the viva."""

    lead_id: PersonId
    head_id: PersonId
    deputy_id: PersonId | None = None
    """A lead moderator who stands in if the lead has had a part in the case."""


class AdjustmentWords(_Words):
    """How much longer than others this viva takes."""

    extra_minutes: Annotated[int, Field(ge=0, le=MOST_EXTRA_MINUTES)]


class VerdictWords(_Words):
    """How the viva went, and why; the notes are sealed before they are stored."""

    verdict: Verdict
    notes: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTES)]
