"""How facts add up to a case of which moderation may know that it is a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.moderation.domain.seeds.course.events import (
    CourseEvent,
    SeedAnswered,
    SeedEntered,
    SeedTakenBack,
)


@dataclass(frozen=True, slots=True)
class Course:
    """A case of which moderation may know that it is a seed."""

    entered: SeedEntered | None = None
    """None of any other case."""
    answers: Mapping[int, SeedAnswered] = field(default_factory=dict)
    """By token of the claim they were made under."""
    taken_back: frozenset[int] = frozenset()

    def final(self, at: datetime) -> SeedAnswered | None:
        """Return the judgement that counts; None while there is none, or not yet."""
        last = self.answers.get(max(self.answers, default=0))
        if last is None or self.entered is None or last.token in self.taken_back:
            return None
        is_theirs = last.reviewer_id == self.entered.portfolio.only_by
        return last if is_theirs and last.final_at < at else None


INITIAL = Course()


def evolve(state: Course, event: CourseEvent) -> Course:
    """Return *state* as it is after *event*."""
    match event:
        case SeedEntered():
            return replace(state, entered=event)
        case SeedAnswered(token=token):
            return replace(state, answers={**state.answers, token: event})
        case SeedTakenBack(token=token):
            return replace(state, taken_back=state.taken_back | {token})
        case _:
            assert_never(event)
