"""Judged cases of a cohort whose outcome is not released, by what they wait for.

Invariant: work of a reviewer who is paused is held until all of it that was ordered to
be moderated is settled, and all that was taken back is judged again; nobody else's
waits for it. Source: statistics.md 4.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.evolve import Entry
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Unopened,
    Withdrawn,
    is_told,
    recalls_of,
    settled,
)
from services.moderation.domain.situations import (
    standing as last_judgement,
)
from services.moderation.domain.standing.decide import standing
from services.moderation.handlers.streams import (
    draw_stream,
    plan_stream,
    recallable_until,
    standing_stream,
    stream_of,
)

HeldFor = Literal["moderation", "judgement", "the_others"]
Fold = Callable[[Any, str], Awaitable[Any]]
"""Gives the folded state of a stream."""


@dataclass(slots=True)
class Judged:
    """Cases that wait for a release, or for what has to come before it."""

    undrawn: list[JudgedCase] = field(default_factory=list)
    unsettled: list[JudgedCase] = field(default_factory=list)
    releasable: dict[str, JudgedCase] = field(default_factory=dict)
    """By the stream of the case: a case is released once."""
    recalled: dict[str, datetime] = field(default_factory=dict)
    """When what was taken back is to be judged again, by case."""
    taken_back: list[JudgedCase] = field(default_factory=list)
    """The judgements that were drawn of these cases."""
    recallable_until: datetime | None = None
    """Until when one of the releasable may be taken back."""
    results: dict[UUID, bool] = field(default_factory=dict)
    """By judgement that was moderated, whether it stands."""
    held: list[JudgedCase] = field(default_factory=list)
    """Of reviewers who are paused; the first of those that are settled come last."""
    held_settled: set[str] = field(default_factory=set)
    """Streams of held cases that are settled, and wait for the others."""
    held_recalled: set[str] = field(default_factory=set)
    """Streams of held cases that are to be judged again."""

    @property
    def unreleased(self) -> int:
        """How many there are."""
        waiting = (*self.undrawn, *self.unsettled, *self.releasable, *self.held)
        return len(waiting) + len(self.recalled)

    @property
    def present(self) -> dict[UUID, JudgedCase]:
        """What can be released once it is settled, by judgement."""
        waiting = (*self.unsettled, *self.releasable.values())
        return {each.judgement_id: each for each in waiting}

    def held_for(self, judged: JudgedCase) -> HeldFor:
        """Return what one of the held cases waits for."""
        stream = stream_of(judged)
        if stream in self.held_recalled:
            return "judgement"
        return "the_others" if stream in self.held_settled else "moderation"

    def add(self, other: "Judged", *, is_paused: bool) -> None:
        """Add what one reviewer judged; hold it if it is not all settled."""
        waits = [*other.undrawn, *other.unsettled, *other.taken_back]
        if is_paused and waits:
            self.held += [*waits, *other.releasable.values()]
            self.held_settled |= other.releasable.keys()
            self.held_recalled |= {stream_of(each) for each in other.taken_back}
            return
        self.recalled |= other.recalled
        self.taken_back += other.taken_back
        self.undrawn += other.undrawn
        self.unsettled += other.unsettled
        self.releasable = {**other.releasable, **self.releasable}
        until = (self.recallable_until, other.recallable_until)
        self.recallable_until = max((each for each in until if each), default=None)
        self.results |= other.results


async def judged_of(fold: Fold, cohort_id: str, attempts: Sequence[int]) -> Judged:
    """Return what is judged in these rounds of a cohort and not released."""
    cohort = await fold(plan, plan_stream(cohort_id))
    found = Judged()
    for reviewer_id in cohort.reviewers:
        stands = await fold(standing, standing_stream(reviewer_id))
        is_paused = stands.ladder("reviewer").standing == "paused"
        theirs = await _judged_by(fold, cohort_id, reviewer_id, attempts)
        found.add(theirs, is_paused=is_paused)
    return found


async def _judged_by(
    fold: Fold, cohort_id: str, reviewer_id: str, attempts: Sequence[int]
) -> Judged:
    draws = await fold(draw, draw_stream(cohort_id, reviewer_id))
    found = Judged()
    for entry in draws.entries.values():
        judged = entry.judged
        if judged.attempt not in attempts:
            continue
        stream = stream_of(judged)
        case = await fold(moderation, stream)
        if is_told(case) or isinstance(case, Withdrawn):
            continue
        last = last_judgement(case, judged)
        recall = recalls_of(case).open_recall(last)
        if entry.is_selected is None:
            found.undrawn.append(judged)
        elif recall is not None:
            found.recalled[recall.case_id] = recall.due_at
            found.taken_back.append(judged)
        elif _is_unsettled(entry, case):
            found.unsettled.append(judged)
        else:
            found.releasable.setdefault(stream, judged)
            until = recallable_until(last)
            found.recallable_until = max(found.recallable_until or until, until)
            found.results |= _result(judged, case)
    return found


def _result(judged: JudgedCase, case: Case) -> dict[UUID, bool]:
    """Return whether the judgement that was drawn stands, when it was moderated.

    One that its reviewer took back is the one that came instead.
    """
    done = settled(case)
    if done is None:
        return {}
    return {judged.judgement_id: done.outcome == done.moderated.first_final.outcome}


def _is_unsettled(entry: Entry, case: Case) -> bool:
    is_unopened = bool(entry.is_selected) and isinstance(case, Unopened)
    return is_unopened or isinstance(case, Moderating)
