"""How facts add up to the state of the viva of a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, assert_never

from services.viva.domain.events import (
    AdjustmentNoted,
    Appointment,
    AwardConferred,
    AwardRevoked,
    Booked,
    DifferenceSettled,
    Heard,
    Held,
    HoldEndNoted,
    HoldNoted,
    Moved,
    NewsSetAside,
    NotPassed,
    Offered,
    OfferWithdrawn,
    OutcomeHeard,
    PanelAppointed,
    PanelDisagreed,
    PanelDissolved,
    PartNoted,
    Passed,
    PortfolioNoted,
    ReminderDue,
    TieNoted,
    VerdictGiven,
    VivaEvent,
    WithdrawalNoted,
)
from shared.holds import Holds

NEVER_BOOKED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a case, whatever comes of it."""

    portfolio: PortfolioNoted | None = None
    """The last one that was handed in."""
    outcome: OutcomeHeard | None = None
    """The last word of moderation."""
    took_part: frozenset[str] = frozenset()
    """Everybody who judged the case or hears an appeal, earlier panels included."""
    sat: frozenset[str] = frozenset()
    """Those of them whose panel was dissolved after it had begun to decide."""
    mentors: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    """Those the participant works for."""
    extra_minutes: int | None = None
    """As the office says; None where it says nothing."""
    withdrawn_at: datetime | None = None
    holds: Holds = field(default_factory=Holds)
    """When the office stopped the clocks."""
    sequence: int = NEVER_BOOKED
    """Of the last time that was told to the participant."""
    rounds: frozenset[str] = frozenset()
    """Rounds in which a viva was not passed."""
    not_passed: int = 0
    offered_at: datetime | None = None
    """When a viva was offered last."""
    reminded: Mapping[tuple[int, str], ReminderDue] = field(default_factory=dict)
    """Last reminder of each viva and round."""

    @property
    def is_on_hold(self) -> bool:
        """True while a hold is not lifted."""
        return self.holds.is_open


@dataclass(frozen=True, slots=True)
class NotOffered:
    """No viva can be booked: there is no CM, or not any more."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The two who hold the viva."""

    lead_id: str
    head_id: str

    @property
    def members(self) -> frozenset[str]:
        """Both."""
        return frozenset({self.lead_id, self.head_id})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A viva is offered and not held yet."""

    number: int
    panel: Panel | None = None
    booking: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """The viva was held; not everybody has said how it went."""

    number: int
    panel: Panel
    booking: Appointment
    verdicts: Mapping[str, VerdictGiven] = field(default_factory=dict)
    """By who gave it."""

    @property
    def is_split(self) -> bool:
        """True when both have judged, and differently."""
        return len({each.verdict for each in self.verdicts.values()}) > 1


@dataclass(frozen=True, slots=True)
class Failed:
    """The last viva was not passed."""

    result: NotPassed


@dataclass(frozen=True, slots=True)
class Awarded:
    """The participant holds the status."""

    award: AwardConferred


@dataclass(frozen=True, slots=True)
class Closed:
    """The participant has withdrawn."""


Situation: TypeAlias = NotOffered | Waiting | Deciding | Failed | Awarded | Closed


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a case, and where its viva stands."""

    known: Known = Known()
    situation: Situation = NotOffered()


INITIAL = Case()


def evolve(state: Case, event: VivaEvent) -> Case:
    """Return *state* as it is after *event*."""
    match event:
        case (
            TieNoted()
            | PartNoted()
            | PortfolioNoted()
            | OutcomeHeard()
            | AdjustmentNoted()
            | WithdrawalNoted()
            | HoldNoted()
            | HoldEndNoted()
            | NewsSetAside()
        ):
            return _heard(state, event)
        case NotPassed():
            return _not_passed(state, event)
        case ReminderDue():
            key = (event.number, event.round_id)
            reminded = {**state.known.reminded, key: event}
            return replace(state, known=replace(state.known, reminded=reminded))
        case Offered() | OfferWithdrawn() | AwardConferred() | AwardRevoked():
            return _turned(state, event)
        case _:
            return _moved_on(state, event)


def _turned(
    state: Case, event: Offered | OfferWithdrawn | AwardConferred | AwardRevoked
) -> Case:
    match event:
        case Offered():
            known = replace(state.known, offered_at=event.occurred_at)
            return Case(known, Waiting(event.number))
        case OfferWithdrawn():
            return replace(state, situation=NotOffered())
        case AwardConferred():
            return replace(state, situation=Awarded(event))
        case AwardRevoked():
            return replace(state, situation=Closed())
        case _:
            assert_never(event)


def _heard(state: Case, event: Heard) -> Case:
    known = state.known
    match event:
        case TieNoted():
            known = replace(
                known,
                mentors=known.mentors | _one(event.mentor_id),
                organisations=known.organisations | _one(event.organisation_id),
            )
        case PartNoted():
            took_part = known.took_part | set(event.person_ids)
            known = replace(known, took_part=took_part)
        case PortfolioNoted():
            known = replace(known, portfolio=event)
        case OutcomeHeard():
            took_part = known.took_part | set(event.took_part)
            known = replace(known, outcome=event, took_part=took_part)
        case AdjustmentNoted():
            known = replace(known, extra_minutes=event.extra_minutes)
        case _:
            return _interrupted(state, event)
    return replace(state, known=known)


def _interrupted(
    state: Case, event: WithdrawalNoted | HoldNoted | HoldEndNoted | NewsSetAside
) -> Case:
    known = state.known
    match event:
        case WithdrawalNoted():
            return _withdrawn(state, event)
        case HoldNoted():
            holds = known.holds.placed(event.hold_id, event.placed_at)
            return replace(state, known=replace(known, holds=holds))
        case HoldEndNoted():
            holds = known.holds.lifted(event.hold_id, event.lifted_at)
            return replace(state, known=replace(known, holds=holds))
        case NewsSetAside():
            return state
        case _:
            assert_never(event)


def _one(found: str | None) -> frozenset[str]:
    return frozenset() if found is None else frozenset({found})


def _withdrawn(state: Case, event: WithdrawalNoted) -> Case:
    known = replace(state.known, withdrawn_at=event.withdrawn_at)
    is_open = isinstance(state.situation, NotOffered | Waiting | Deciding)
    return Case(known, Closed() if is_open else state.situation)


def _not_passed(state: Case, event: NotPassed) -> Case:
    held = state.situation
    rounds = {held.booking.round_id} if isinstance(held, Deciding) else set()
    known = replace(
        state.known,
        took_part=state.known.took_part | set(event.took_part),
        rounds=state.known.rounds | rounds,
        not_passed=event.number,
    )
    return Case(known, Failed(event) if event.last else NotOffered())


_Progress: TypeAlias = (
    PanelAppointed
    | PanelDissolved
    | Booked
    | Moved
    | Held
    | VerdictGiven
    | PanelDisagreed
    | DifferenceSettled
    | Passed
)


def _moved_on(state: Case, event: _Progress) -> Case:
    match state.situation:
        case Waiting() as waiting:
            return _waiting(state, waiting, event)
        case Deciding() as deciding:
            return _deciding(state, deciding, event)
        case NotOffered() | Failed() | Awarded() | Closed():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(state.situation)


def _waiting(state: Case, waiting: Waiting, event: _Progress) -> Case:
    match event:
        case PanelAppointed():
            panel = Panel(event.lead_id, event.head_id)
            return replace(state, situation=replace(waiting, panel=panel))
        case PanelDissolved():
            return replace(state, situation=replace(waiting, panel=None))
        case Booked() | Moved():
            known = replace(state.known, sequence=event.sequence)
            return Case(known, replace(waiting, booking=event))
        case Held() if waiting.booking is not None:
            panel = Panel(event.lead_id, event.head_id)
            deciding = Deciding(waiting.number, panel, waiting.booking)
            return replace(state, situation=deciding)
        case _:
            return state


def _deciding(state: Case, deciding: Deciding, event: _Progress) -> Case:
    match event:
        case VerdictGiven():
            verdicts = {**deciding.verdicts, event.panellist_id: event}
            return replace(state, situation=replace(deciding, verdicts=verdicts))
        case PanelDissolved():
            members, known = deciding.panel.members, state.known
            known = replace(
                known, took_part=known.took_part | members, sat=known.sat | members
            )
            return Case(known, Waiting(deciding.number))
        case _:
            return state
