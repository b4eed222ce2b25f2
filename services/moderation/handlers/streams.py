"""Names of streams, and states of one cohort folded for a decision."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from services.moderation.domain.commands import Colleague, OpenCase
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import DrawCommand
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import Drawn
from services.moderation.domain.draw.evolve import Draws
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.evolve import (
    CohortPlan,
    Disclosed,
    Drawing,
    Published,
    Unpublished,
)
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.standing.decide import standing
from shared.crypto import Vault
from shared.handling import Loader, Step
from shared.programmes import programme_of

S = TypeVar("S")

ATTEMPTS = (1, 2)
"""Rounds of a case. Source: S2 6.2.1, one free resubmission."""

QUALIFICATIONS = "seed-qualification."
"""What the name of each stream of courses begins with; then comes the cohort."""

Build = Callable[[Loader], Awaitable[Sequence[Step]]]


class Unwraps(Protocol):
    """Opens the wrapped key of a plan; the vault can."""

    def unwrap(self, wrapped: str, *, name: str) -> bytes: ...


def plan_stream(cohort_id: str) -> str:
    """Return the stream of a cohort's plan."""
    return f"plan-{cohort_id}"


def draw_stream(cohort_id: str, reviewer_id: str) -> str:
    """Return the stream of one reviewer's draw in one cohort."""
    return f"draw-{cohort_id}.{reviewer_id}"


def opinion_stream(cohort_id: str, moderator_id: str) -> str:
    """Return the stream of second opinions about one moderator in one cohort."""
    return f"opinion-{cohort_id}.{moderator_id}"


def case_stream(case_id: str, attempt: int) -> str:
    """Return the stream of one round of one case."""
    return f"moderation-{case_id}.{attempt}"


def clocks_stream(case_id: str) -> str:
    """Return the stream of the clocks of a case, for every round of it."""
    return f"moderation-{case_id}"


def standing_stream(person_id: str) -> str:
    """Return the stream of somebody's standing."""
    return f"standing-{person_id}"


def pool_stream(programme: str) -> str:
    """Return the stream of the seeds of a programme."""
    return f"seed-pool.{programme}"


def course_stream(case_id: str) -> str:
    """Return the stream of a case that is a seed; that of any other case is empty."""
    return f"seed-{case_id}"


def qualification_stream(cohort_id: str, reviewer_id: str) -> str:
    """Return the stream of the courses by which a reviewer qualifies in a cohort."""
    return f"{QUALIFICATIONS}{cohort_id}.{reviewer_id}"


def stream_of(judged: JudgedCase) -> str:
    """Return the stream of the round of the case that was judged."""
    return case_stream(judged.case_id, judged.attempt)


def recallable_until(judged: JudgedCase) -> datetime:
    """Return the last instant at which its reviewer may take a judgement back."""
    minutes = programme_of(judged).policy.review.recall_minutes
    return judged.completed_at + timedelta(minutes=minutes.value)


def key_name(cohort_id: str) -> str:
    """Return the name that a cohort's wrapped key is bound to."""
    return f"moderation.plan.{cohort_id}"


async def colleague(loader: Loader, person_id: str) -> Colleague:
    """Return who acts, with the standing that facts give them."""
    found = await loader.state(standing, standing_stream(person_id))
    return Colleague(person_id=person_id, standing=found)


def secret_key(vault: Unwraps | Vault, published: Published) -> bytes:
    """Return the secret key of a plan."""
    name = key_name(published.plan.cohort_id)
    return vault.unwrap(published.wrapped_key, name=name)


def sampler_of(vault: Unwraps | Vault, state: CohortPlan) -> Sampler | None:
    """Return what draws under the plan; None before the randomness is fixed."""
    match state.stage:
        case Unpublished() | Published():
            return None
        case Drawing(published=published, beacon=beacon):
            key, is_public = secret_key(vault, published), False
        case Disclosed(published=published, beacon=beacon, key=key):
            is_public = True
    return Sampler(
        rules=published.plan.drawn_by,
        seed=seed_of(key, beacon=beacon, plan_hash=published.plan_hash),
        published_at=published.published_at,
        is_key_public=is_public,
    )


def draw_steps(
    stream: str, command: DrawCommand, state: Draws, criterion_gap: int
) -> tuple[Step, ...]:
    """Return the step of a draw, and one for every case that it selects."""
    facts = draw.decide(command, state)
    entries = draw.fold(facts, state).entries
    chosen = (
        entries[fact.judgement_id].judged
        for fact in facts
        if isinstance(fact, Drawn) and fact.selected
    )
    openings = (
        Step(
            moderation,
            stream_of(judged),
            OpenCase(judged=judged, criterion_gap=criterion_gap, at=command.at),
        )
        for judged in chosen
    )
    return (Step(draw, stream, command), *openings)
