"""The rule of the cohorts that start in one year: each is noted once."""

from services.submission.domain.starts.commands import StartsCommand
from services.submission.domain.starts.events import StartNoted, StartsEvent
from services.submission.domain.starts.evolve import INITIAL, Starts, evolve
from shared.carrying import carry
from shared.decider import Decider


def decide(command: StartsCommand, state: Starts) -> tuple[StartsEvent, ...]:
    """Return the fact that *command* leads to; empty when it is known."""
    if command.cohort_id in state:
        return ()
    return (carry(command, StartNoted, occurred_at=command.at),)


starts = Decider(category="cohort", decide=decide, evolve=evolve, initial=INITIAL)
"""Of the stream ``cohort-{programme}.{year}``; cohorts have streams of their own."""
