"""Seeds in the draw of a reviewer: when one comes, and what its judgement shows.

Invariant: of one reviewer in one cohort at most one seed is open, and no judgement is
followed by two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from services.moderation.domain.detection import Observation, Scores, scores_after
from services.moderation.domain.draw.seeded import (
    SeedDrawEvent,
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
    Withheld,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.rules import Rules
from services.moderation.domain.seeds.choosing import (
    Lacking,
    chosen,
    is_due,
    seed_ticket,
)
from shared.carrying import carry
from shared.contracts.programme import SeedRules

FIRST_ATTEMPT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeed:
    """Let a seed follow this judgement, if its ticket says so."""

    judgement_id: UUID
    candidates: tuple[str, ...]
    """Seeds that may be put before the reviewer."""
    lacking: Lacking
    """Why there is none, where there is none."""
    case_id: str
    """The id that it gets if one is placed."""
    sampler: Sampler
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSeed:
    """Know what the judgement of a seed shows."""

    judgement_id: UUID
    case_id: str
    judged_at: datetime
    """When the reviewer judged; it is compared later, maybe after a pause."""
    observation: Observation
    in_tolerance: bool
    rules: Rules
    at: datetime


SeedDrawCommand: TypeAlias = PlaceSeed | JudgeSeed


@dataclass(frozen=True, slots=True)
class Placed:
    """A seed among the reviewer's work."""

    fact: SeedPlaced
    ordinal: int
    """Number of the judgement that it follows."""
    judged: SeedJudged | None = None


@dataclass(frozen=True, slots=True)
class Seeding:
    """Every seed of one reviewer in one cohort."""

    drawn: frozenset[UUID] = frozenset()
    """Judgements that a seed followed, or would have."""
    placed: Mapping[str, Placed] = field(default_factory=dict)
    """By case id, in order."""
    withheld: tuple[SeedWithheld, ...] = ()
    judged: tuple[SeedJudged, ...] = ()
    """In order."""
    counted: tuple[SeedJudged, ...] = ()
    """Of these what may be in an alarm: judged since the charts began, or anew."""

    def is_open(self, at: datetime) -> bool:
        """Tell whether a seed waits for the reviewer; not once its month is over."""
        waiting = (each for each in self.placed.values() if each.judged is None)
        return any(each.fact.due_at > at for each in waiting)

    def ordinals(self) -> dict[UUID, int]:
        """Return by judgement of a seed the number of the judgement it follows."""
        found = self.placed.values()
        return {e.judged.judgement_id: e.ordinal for e in found if e.judged}

    def alarming(self, rules: SeedRules) -> tuple[UUID, ...]:
        """Return what is out of tolerance of the last seeds, when it is too much.

        Nothing unless the last of them is: an alarm is raised once for each.
        """
        last = self.counted[-rules.alarm_within :]
        out = tuple(each.judgement_id for each in last if not each.in_tolerance)
        is_counted = bool(last) and last[-1] == self.judged[-1]
        is_news = is_counted and not last[-1].in_tolerance
        return out if is_news and len(out) >= rules.alarm_from else ()

    def after(self, event: SeedDrawEvent, ordinals: Mapping[UUID, int]) -> "Seeding":
        """Return the same after *event*; *ordinals* are numbers by judgement."""
        match event:
            case SeedPlaced(after=after, case_id=case_id):
                one = Placed(event, ordinals[after])
                drawn = self.drawn | {after}
                return replace(self, drawn=drawn, placed={**self.placed, case_id: one})
            case SeedWithheld(after=after):
                drawn, withheld = self.drawn | {after}, (*self.withheld, event)
                return replace(self, drawn=drawn, withheld=withheld)
            case SeedJudged(case_id=case_id):
                one = replace(self.placed[case_id], judged=event)
                new = () if event.precedes_probation else (event,)
                return replace(
                    self,
                    placed={**self.placed, case_id: one},
                    judged=(*self.judged, event),
                    counted=(*self.counted, *new),
                )
            case _:
                assert_never(event)


NO_SEEDS = Seeding()


def is_wanted(sampler: Sampler, judgement_id: UUID, attempt: int) -> bool:
    """Tell whether a seed is to follow a judgement; none follows a resubmission."""
    return attempt == FIRST_ATTEMPT and is_due(sampler, str(judgement_id))


def place(
    command: PlaceSeed, state: Seeding, attempt: int, until: datetime | None
) -> tuple[SeedDrawEvent, ...]:
    """Return the seed that follows a judgement; empty when none is to.

    *until* is when the month of the judgement ends.
    """
    sampler, after = command.sampler, command.judgement_id
    is_asked = is_wanted(sampler, after, attempt) and after not in state.drawn
    if not is_asked:
        return ()
    ticket = f"{seed_ticket(sampler, str(after)):064x}"
    because = _obstacle(command, state, until)
    if because is not None or until is None:
        withheld = SeedWithheld(
            after=after,
            ticket=ticket,
            because=because or "late",
            occurred_at=command.at,
        )
        return (withheld,)
    placed = SeedPlaced(
        after=after,
        ticket=ticket,
        candidates=command.candidates,
        seed_id=chosen(sampler, str(after), command.candidates),
        case_id=command.case_id,
        due_at=until,
        occurred_at=command.at,
    )
    return (placed,)


def _obstacle(
    command: PlaceSeed, state: Seeding, until: datetime | None
) -> Withheld | None:
    if state.is_open(command.at):
        return "open"
    if until is None or until <= command.at:
        return "late"
    return None if command.candidates else command.lacking


def judge(
    command: JudgeSeed, state: Seeding, scores: Scores, *, is_old: bool
) -> SeedJudged | None:
    """Return what a judgement of a seed shows; None when it is known, or no seed.

    What is old, judged before the charts began anew, moves none of them.
    """
    placed = state.placed.get(command.case_id)
    if placed is None or placed.judged is not None:
        return None
    detection, seen = command.rules.detection, command.observation
    return carry(
        seen,
        SeedJudged,
        judgement_id=command.judgement_id,
        case_id=command.case_id,
        seed_id=placed.fact.seed_id,
        in_tolerance=command.in_tolerance,
        scores=scores_after(scores, seen, detection, is_old=is_old),
        precedes_probation=is_old,
        occurred_at=command.at,
    )
