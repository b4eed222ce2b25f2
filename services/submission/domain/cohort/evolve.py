"""How facts add up to the state of a cohort."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from services.submission.domain.cohort.events import (
    CohortDeadlineMoved,
    CohortEvent,
    CohortOpened,
)


@dataclass(frozen=True, slots=True)
class NotOpened:
    """There is no such cohort."""


@dataclass(frozen=True, slots=True)
class Running:
    """A cohort that takes portfolios until its deadline."""

    opening: CohortOpened
    deadline: date


Cohort: TypeAlias = NotOpened | Running

INITIAL: Cohort = NotOpened()


def evolve(state: Cohort, event: CohortEvent) -> Cohort:
    """Return *state* as it is after *event*."""
    match event:
        case CohortOpened():
            return Running(opening=event, deadline=event.deadline)
        case CohortDeadlineMoved() if isinstance(state, Running):
            return replace(state, deadline=event.deadline)
        case CohortDeadlineMoved():
            return state  # decide never lets this happen; a fold must not fail
        case _:
            assert_never(event)
