"""A seed among a reviewer's work: what is told of it is kept, in any order."""

from typing import assert_never

from services.moderation.domain.seeds.course.commands import (
    AnswerSeed,
    CourseCommand,
    EnterSeed,
    TakeBackSeed,
)
from services.moderation.domain.seeds.course.events import (
    CourseEvent,
    SeedAnswered,
    SeedEntered,
    SeedTakenBack,
)
from services.moderation.domain.seeds.course.evolve import INITIAL, Course, evolve
from shared.carrying import carry
from shared.decider import Decider


def decide(command: CourseCommand, state: Course) -> tuple[CourseEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known."""
    match command:
        case EnterSeed():
            if state.entered is not None:
                return ()
            return (carry(command, SeedEntered, occurred_at=command.at),)
        case AnswerSeed():
            if command.token in state.answers:
                return ()
            levels = dict(command.levels)
            answered = carry(
                command, SeedAnswered, levels=levels, occurred_at=command.at
            )
            return (answered,)
        case TakeBackSeed():
            if command.token in state.taken_back:
                return ()
            return (carry(command, SeedTakenBack, occurred_at=command.at),)
        case _:
            assert_never(command)


course = Decider(category="seed", decide=decide, evolve=evolve, initial=INITIAL)
