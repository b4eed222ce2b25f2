"""Given facts, when a command, then facts: the words in which rules are tested."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from shared.decider import Decider
from shared.errors import ServiceError

X = TypeVar("X", bound=ServiceError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to; look at it with one of the ``then`` words."""

    decide: Callable[[], tuple[Any, ...]]

    def then(self, *facts: object) -> None:
        """Expect exactly these facts, in this order."""
        assert self.decide() == facts

    def then_nothing(self) -> None:
        """Expect a repeat: exactly this was done before."""
        assert self.decide() == ()

    def then_refused(self, error: type[X]) -> X:
        """Expect a refusal of exactly this kind, and return it to look closer."""
        with pytest.raises(error) as refused:
            self.decide()
        assert refused.type is error
        return refused.value


@dataclass(frozen=True, slots=True)
class Given:
    """A history, waiting for a command."""

    decider: Decider[Any, Any, Any]
    history: tuple[Any, ...]

    def when(self, command: object) -> Outcome:
        """Ask for *command* after the history."""
        state = self.decider.fold(self.history)
        return Outcome(lambda: tuple(self.decider.decide(command, state)))


@dataclass(frozen=True, slots=True)
class Scenario:
    """The examples of one decider."""

    decider: Decider[Any, Any, Any]

    def given(self, *history: object) -> Given:
        """Start from *history*, oldest first; none is a new stream."""
        return Given(self.decider, history)

    def state(self, *history: object) -> Any:
        """Return what *history* adds up to."""
        return self.decider.fold(history)
