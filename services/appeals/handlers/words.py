"""What people write to appeals, in clear, on its way to the vault."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from services.appeals.domain.events import Remedy
from shared.vocabulary import PersonId

MAX_TEXT_CHARACTERS = 6_000
"""Longest single text: the same as feedback accepts. Source: shared/contracts."""

MOST_TIMES = 50
_CENTURY = 20
MOST_MEMBERS = 20
MOST_GROUNDS = 20

Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARACTERS
    ),
]


def _of_this_century(moment: datetime) -> datetime:
    """Refuse what no calendar of a participant, and no time zone, can show."""
    if moment.year // 100 != _CENTURY:
        message = "give a time of this century"
        raise ValueError(message)
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_this_century)]
Ground = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class _Words(BaseModel):
    """Words from outside: strict, and silent about what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ExplanationWords(_Words):
    """Which decision is to be explained, and what about it is not clear."""

    decision_id: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    """The latest where none is named."""
    question: Text | None = None


class LodgingWords(_Words):
    """On which grounds the participant appeals, and why."""

    grounds: Annotated[tuple[Ground, ...], Field(max_length=MOST_GROUNDS)]
    statement: Text


class SupportWords(_Words):
    """What was wrong with the support."""

    statement: Text


class AnswerWords(_Words):
    """Why the decision was made."""

    explanation: Text


class ResponseWords(_Words):
    """The written response about support."""

    decision: Literal["upheld", "dismissed"]
    reasons: Text


class PanelWords(_Words):
    """Who is to hear the appeal."""

    members: Annotated[
        tuple[PersonId, ...], Field(min_length=1, max_length=MOST_MEMBERS)
    ]


class DecisionWords(_Words):
    """What the panel decides, and why."""

    decision: Literal["upheld", "dismissed"]
    remedy: Remedy | None = None
    """What follows from an upheld appeal."""
    reasons: Text


class TimesWords(_Words):
    """When staff can be there for a conversation; replaces what was offered."""

    times: Annotated[tuple[Moment, ...], Field(max_length=MOST_TIMES)]


class BookingWords(_Words):
    """The time that the participant chooses."""

    starts_at: Moment
