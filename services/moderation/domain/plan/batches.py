"""The sample that a release rests on: a simple random order of what is to be released.

Invariant: the population is recorded, with its root, before its order is drawn; the
order is that of the tickets, under a label of its own. Only the beginning of it counts,
as far as it is settled, without what is left out. What comes back is a gap at its place
until it is moderated, too. So what counts is a simple random sample at every look, and
the risk holds.
Sources: statistics.md 2.8 and 2.9, step 5.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.moderation.domain.plan.commands import DrawForRelease, ReleaseCohort
from services.moderation.domain.plan.events import (
    BatchFormed,
    PlanEvent,
    RiskStatement,
    SampleOrdered,
)
from services.moderation.domain.plan.evolve import Batch, CohortPlan
from services.moderation.domain.plan.refusals import (
    NoRiskLimitError,
    NothingJudgedError,
    RiskNotLimitedError,
)
from services.moderation.domain.release_risk import (
    evidence,
    needed_after,
)
from services.moderation.domain.rules import RiskLimit
from services.moderation.domain.sampling import population_root, smallest_tickets

LABEL = "release"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sample of a batch has come."""

    sequence: tuple[UUID, ...]
    """The batch in the order of its tickets, without what was left out."""
    correct: tuple[bool, ...]
    """Of the first ones of it, as far as they are settled without a gap."""


def ticket_order(
    seed: bytes, attempt: int, number: int, judgements: Iterable[UUID]
) -> tuple[UUID, ...]:
    """Return the judgements of a batch in the order of their tickets."""
    ids = [str(each) for each in judgements]
    label = f"{LABEL}.{attempt}.{number}"
    return tuple(
        UUID(each) for each in smallest_tickets(seed, label, ids, count=len(ids))
    )


def progress(
    order: Sequence[UUID],
    results: Mapping[UUID, bool],
    left_out: Collection[UUID],
) -> Progress:
    """Return how far the sample of a batch has come, by what is settled by now."""
    sequence = tuple(each for each in order if each not in left_out)
    correct: list[bool] = []
    for each in sequence:
        if each not in results:
            break
        correct.append(results[each])
    return Progress(sequence, tuple(correct))


def open_batch(
    state: CohortPlan, attempt: int, present: Collection[UUID]
) -> Batch | None:
    """Return the batch that waits for its release; None when nothing of it is left.

    *present* is what could be released once it is settled. What is held or recalled is
    not: others do not wait for it, and it is of a later batch when it comes back.
    """
    batch = state.batches.get(attempt)
    if batch is None or batch.judgements.isdisjoint(present):
        return None
    return batch


def draw_for_release(
    command: DrawForRelease, state: CohortPlan
) -> tuple[PlanEvent, ...]:
    """Return the batch and the part of its sample that is to be moderated next.

    Empty when enough is moderated, or what was ordered is not settled yet.

    Raises:
        NoRiskLimitError: the plan does not limit the risk of a release.
        NothingJudgedError: nothing of this round can be released.
    """
    limit = command.sampler.rules.release
    if limit is None:
        raise NoRiskLimitError
    facts: list[PlanEvent] = []
    batch = open_batch(state, command.attempt, command.population)
    if batch is None:
        if not command.population:
            raise NothingJudgedError
        formed = _formed(command, state.next_batch(command.attempt))
        facts.append(formed)
        batch = Batch(formed.number, frozenset(formed.judgements))
    order = ticket_order(
        command.sampler.seed, command.attempt, batch.number, batch.judgements
    )
    found = progress(order, command.results, command.left_out)
    asked = _next_of(found, frozenset(batch.ordered), command, limit)
    if asked:
        facts.append(
            SampleOrdered(
                attempt=command.attempt,
                number=batch.number,
                judgements=asked,
                ordered_by=command.by,
                occurred_at=command.at,
            )
        )
    return tuple(facts)


def _next_of(
    found: Progress,
    ordered: frozenset[UUID],
    command: DrawForRelease,
    limit: RiskLimit,
) -> tuple[UUID, ...]:
    """Return what is to be asked for; nothing while what was asked for waits."""
    if any(e in ordered and e not in command.results for e in found.sequence):
        return ()
    enough = len(found.correct) + _needed(found, limit)
    return tuple(each for each in found.sequence[:enough] if each not in ordered)


def risk_of(
    command: ReleaseCohort, state: CohortPlan, limit: RiskLimit
) -> RiskStatement:
    """Return at what risk the round is released.

    Raises:
        RiskNotLimitedError: more has to be moderated first; says how much.
    """
    last = state.batches.get(command.attempt)
    left_out = last.judgements - set(command.judgements) if last else frozenset[UUID]()
    batch = open_batch(state, command.attempt, command.judgements)
    if batch is None or command.sampler is None:
        found = _without_sample(command)
    else:
        order = ticket_order(
            command.sampler.seed, command.attempt, batch.number, batch.judgements
        )
        found = progress(order, command.results, left_out)
    population = len(found.sequence)
    seen = evidence(
        found.correct, population=population, tolerated_ppm=limit.tolerated_ppm
    )
    is_whole = seen.checked == population
    if seen.risk_ppm > limit.alpha_ppm and not is_whole:
        raise RiskNotLimitedError(
            population=population,
            checked=seen.checked,
            wrong=seen.wrong,
            risk_ppm=seen.risk_ppm,
            alpha_ppm=limit.alpha_ppm,
            at_least_more=_needed(found, limit),
        )
    return RiskStatement(
        tolerated_ppm=limit.tolerated_ppm,
        alpha_ppm=limit.alpha_ppm,
        population=population,
        checked=seen.checked,
        wrong=seen.wrong,
        risk_ppm=0 if is_whole else seen.risk_ppm,
        left_out=tuple(sorted(left_out)),
    )


def _without_sample(command: ReleaseCohort) -> Progress:
    """Return what is known without a batch: all of it, or nothing that counts."""
    sequence = command.judgements
    if not set(sequence) <= command.results.keys():
        return Progress(sequence, ())
    return Progress(sequence, tuple(command.results[each] for each in sequence))


def _needed(found: Progress, limit: RiskLimit) -> int:
    return needed_after(
        found.correct,
        population=len(found.sequence),
        tolerated_ppm=limit.tolerated_ppm,
        alpha_ppm=limit.alpha_ppm,
    )


def _formed(command: DrawForRelease, number: int) -> BatchFormed:
    judgements = tuple(sorted(command.population))
    return BatchFormed(
        attempt=command.attempt,
        number=number,
        population_root=population_root(str(each) for each in judgements),
        judgements=judgements,
        formed_by=command.by,
        occurred_at=command.at,
    )
