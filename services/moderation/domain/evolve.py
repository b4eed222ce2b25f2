"""How facts add up to a drawn case."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from services.moderation.domain.events import (
    BlindJudgementRecorded,
    CaseEvent,
    Compared,
    HandedBack,
    Opened,
    OpeningSetAside,
    OutcomeReleased,
    Overturned,
    ReferredToLead,
    SecondOpinionCalled,
    TakeExtended,
    TakeLapsed,
    Taken,
    Upheld,
)
from services.moderation.domain.judgement import JudgedCase
from shared.personal import Personal
from shared.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Unopened:
    """Not drawn, as far as this stream knows."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds the case, by which token, until when."""

    moderator_id: str
    token: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Moderating:
    """Drawn and not yet decided."""

    judged: JudgedCase
    criterion_gap: int
    stage: Literal["first", "second", "lead"] = "first"
    blind: tuple[BlindJudgementRecorded, ...] = ()
    hold: Hold | None = None
    set_aside: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """Decided, not yet released."""

    moderated: Moderating
    decision: Upheld | Overturned

    @property
    def outcome(self) -> Outcome:
        """The outcome that stands."""
        if isinstance(self.decision, Overturned):
            return self.decision.outcome
        return self.moderated.judged.outcome

    @property
    def feedback(self) -> Personal[str]:
        """What the participant reads."""
        if isinstance(self.decision, Overturned):
            return self.decision.feedback
        return self.moderated.judged.feedback

    @property
    def took_part(self) -> tuple[str, ...]:
        """Everyone who judged, in order."""
        lead = self.decision.decided_by
        judges = (each.moderator_id for each in self.moderated.blind)
        return (self.moderated.judged.reviewer_id, *judges, *([lead] if lead else []))


@dataclass(frozen=True, slots=True)
class Released:
    """Told to the participant."""

    outcome: Outcome
    settled: Settled | None = None
    """None when the case was never drawn."""


Case: TypeAlias = Unopened | Moderating | Settled | Released

INITIAL: Case = Unopened()


def moderated(state: Case) -> Moderating | None:
    """Return what was moderated, as it last was; None for a case never drawn."""
    match state:
        case Unopened() | Released(settled=None):
            return None
        case Moderating():
            return state
        case Settled(moderated=last) | Released(settled=Settled(moderated=last)):
            return last
        case _:
            raise AssertionError


def evolve(state: Case, event: CaseEvent) -> Case:
    """Return *state* as it is after *event*."""
    match state, event:
        case _, Opened(judged=judged, criterion_gap=gap):
            return Moderating(judged, gap)
        case _, OutcomeReleased(outcome=outcome):
            return Released(outcome, state if isinstance(state, Settled) else None)
        case Moderating(), Upheld() | Overturned():
            return Settled(replace(state, hold=None), event)
        case Moderating(), _:
            return _moderating(state, event)
        case _:
            return state  # decide never lets this happen; a fold must not fail


def _moderating(state: Moderating, event: CaseEvent) -> Moderating:
    match event:
        case Taken() | TakeExtended() | TakeLapsed() | HandedBack():
            return replace(state, hold=_hold(state.hold, event))
        case BlindJudgementRecorded():
            return replace(state, blind=(*state.blind, event), hold=None)
        case SecondOpinionCalled() | ReferredToLead():
            stage = _STAGES[type(event)]
            return replace(state, stage=stage)
        case OpeningSetAside(judgement_id=judgement_id):
            return replace(state, set_aside=state.set_aside | {judgement_id})
        case Compared() | Opened() | Upheld() | Overturned() | OutcomeReleased():
            return state
        case _:
            assert_never(event)


_STAGES: dict[type[CaseEvent], Literal["second", "lead"]] = {
    SecondOpinionCalled: "second",
    ReferredToLead: "lead",
}


def _hold(
    hold: Hold | None, event: Taken | TakeExtended | TakeLapsed | HandedBack
) -> Hold | None:
    match event:
        case Taken():
            return Hold(event.moderator_id, event.token, event.expires_at)
        case TakeExtended(expires_at=expires_at):
            return replace(hold, expires_at=expires_at) if hold else None
        case TakeLapsed() | HandedBack():
            return None
        case _:
            assert_never(event)
