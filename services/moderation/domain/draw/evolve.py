"""How facts add up to the draw of one reviewer in one cohort."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    SampleWidened,
)
from services.moderation.domain.inclusion import Inclusion
from services.moderation.domain.judgement import JudgedCase


@dataclass(frozen=True, slots=True)
class Entry:
    """One judgement of the reviewer, and what the sampler said."""

    judged: JudgedCase
    ordinal: int
    inclusion: Inclusion | None = None
    is_selected: bool | None = None
    """None while it waits for its draw."""


@dataclass(frozen=True, slots=True)
class Draws:
    """All judgements of one reviewer in one cohort, in order of arrival."""

    entries: Mapping[UUID, Entry] = field(default_factory=dict)
    set_aside: frozenset[UUID] = frozenset()
    widened_to_ppm: int = 0

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Judgements without a draw, in order of arrival."""
        return tuple(each for each in self.entries.values() if each.is_selected is None)

    def has_case(self, case_id: str, attempt: int) -> bool:
        """Tell whether the reviewer has judged this round of this case."""
        rounds = ((e.judged.case_id, e.judged.attempt) for e in self.entries.values())
        return (case_id, attempt) in rounds


INITIAL = Draws()


def evolve(state: Draws, event: DrawEvent) -> Draws:
    """Return *state* as it is after *event*."""
    match event:
        case JudgementReceived(judged=judged, ordinal=ordinal):
            return _with(state, judged.judgement_id, Entry(judged, ordinal))
        case JudgementSetAside(judgement_id=judgement_id):
            return replace(state, set_aside=state.set_aside | {judgement_id})
        case ProbabilitySet(judgement_id=judgement_id):
            inclusion = Inclusion(event.probability_ppm, event.rule)
            entry = state.entries[judgement_id]
            return _with(state, judgement_id, replace(entry, inclusion=inclusion))
        case Drawn(judgement_id=judgement_id, selected=selected):
            entry = state.entries[judgement_id]
            return _with(state, judgement_id, replace(entry, is_selected=selected))
        case SampleWidened(to_ppm=to_ppm):
            return replace(state, widened_to_ppm=max(to_ppm, state.widened_to_ppm))
        case _:
            assert_never(event)


def _with(state: Draws, judgement_id: UUID, entry: Entry) -> Draws:
    return replace(state, entries={**state.entries, judgement_id: entry})
