"""How facts add up to what is known of a case; in any order to the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from pydantic import AwareDatetime

from services.appeals.domain.casefile.events import (
    AppealClosed,
    AppealOpened,
    BondsNoted,
    CaseFileEvent,
    DecisionNoted,
    HoldEndNoted,
    HoldNoted,
    PartKind,
    PartNoted,
    TermsNoted,
    WithdrawalNoted,
)
from services.appeals.domain.terms import Terms
from services.appeals.domain.working_days import Stop
from shared.holds import Holds


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in a case."""

    person_id: str
    kind: PartKind
    appeal_id: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An appeal of the case."""

    decision_id: str | None
    """None when it is about support."""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything about a case that decides what may be asked, and who may hear it."""

    participant_id: str | None = None
    terms: Mapping[int, Terms] = field(default_factory=dict)
    """By attempt; under 0 those of the enrolment."""
    mentors: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    parts: frozenset[Part] = frozenset()
    decisions: Mapping[str, DecisionNoted] = field(default_factory=dict)
    """By id."""
    holds: Holds = field(default_factory=Holds)
    """When the office stopped the clocks."""
    withdrawn_at: AwareDatetime | None = None
    appeals: Mapping[int, Opened] = field(default_factory=dict)
    """By number."""

    @property
    def is_on_hold(self) -> bool:
        """True while a hold is not lifted."""
        return self.holds.is_open

    def stops(self) -> tuple[Stop, ...]:
        """Return when the clocks stood still, earliest first."""
        return tuple(
            Stop(placed_at, lifted_at)
            for placed_at, _, lifted_at in sorted(
                (each.placed_at, hold_id, each.lifted_at)
                for hold_id, each in self.holds.by_id.items()
                if each.placed_at is not None
            )
        )

    def terms_of(self, decision: DecisionNoted | None) -> Terms | None:
        """Return the terms of a decision, or of the case as it was known last.

        None while the message that says them is still on its way.
        """
        if decision is not None and decision.subject == "outcome":
            return self.terms.get(decision.number)
        return self.terms[max(self.terms)] if self.terms else None

    def in_force(self) -> tuple[DecisionNoted, ...]:
        """Return the decisions that no revision replaced, latest release last."""
        latest: dict[tuple[str, int], DecisionNoted] = {}
        for each in sorted(self.decisions.values(), key=_age):
            latest[each.subject, each.number] = each
        return tuple(sorted(latest.values(), key=_age))

    def open_numbers(self) -> tuple[int, ...]:
        """Return the appeals to which something can still happen."""
        return tuple(n for n, each in self.appeals.items() if not each.is_closed)

    def next_number(self) -> int:
        """Return the number of the next appeal."""
        return max(self.appeals, default=0) + 1


INITIAL = CaseFile()


def _age(decision: DecisionNoted) -> tuple[AwareDatetime, bool, str]:
    return decision.released_at, decision.is_revision, decision.decision_id


def evolve(state: CaseFile, event: CaseFileEvent) -> CaseFile:
    """Return *state* as it is after *event*."""
    match event:
        case TermsNoted() | BondsNoted() | PartNoted():
            return _with_people(state, event)
        case DecisionNoted():
            decisions = {**state.decisions, event.decision_id: event}
            return replace(state, decisions=decisions)
        case WithdrawalNoted():
            return replace(state, withdrawn_at=event.withdrawn_at)
        case HoldNoted() | HoldEndNoted():
            return _held(state, event)
        case AppealOpened() | AppealClosed():
            return _numbered(state, event)
        case _:
            assert_never(event)


def _with_people(
    state: CaseFile, event: TermsNoted | BondsNoted | PartNoted
) -> CaseFile:
    match event:
        case TermsNoted():
            terms = {**state.terms, event.attempt: event.terms}
            return replace(state, participant_id=event.participant_id, terms=terms)
        case BondsNoted():
            return _bound(state, event)
        case PartNoted():
            parts = {Part(p, event.part, event.appeal_id) for p in event.person_ids}
            return replace(state, parts=state.parts | parts)
        case _:
            assert_never(event)


def _bound(state: CaseFile, event: BondsNoted) -> CaseFile:
    mentors, organisations = state.mentors, state.organisations
    if event.mentor_id is not None:
        mentors |= {event.mentor_id}
    if event.organisation_id is not None:
        organisations |= {event.organisation_id}
    return replace(state, mentors=mentors, organisations=organisations)


def _held(state: CaseFile, event: HoldNoted | HoldEndNoted) -> CaseFile:
    if isinstance(event, HoldNoted):
        return replace(state, holds=state.holds.placed(event.hold_id, event.placed_at))
    return replace(state, holds=state.holds.lifted(event.hold_id, event.lifted_at))


def _numbered(state: CaseFile, event: AppealOpened | AppealClosed) -> CaseFile:
    if isinstance(event, AppealOpened):
        opened = Opened(event.decision_id)
    elif event.number in state.appeals:
        opened = replace(state.appeals[event.number], is_closed=True)
    else:
        return state  # decide never lets this happen; a fold must not fail
    return replace(state, appeals={**state.appeals, event.number: opened})
