"""The rules of applying a preview: it is begun once, with what was planned then."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.review.domain.allocation.plan import Given
from services.review.domain.application.commands import ApplicationCommand
from services.review.domain.application.events import ApplicationBegun, ApplicationEvent
from services.review.domain.application.evolve import INITIAL, Application, evolve
from shared.decider import Decider

REVIEWS_OF_A_FACT = 400
"""Each with its reviewer 150 bytes at most: below what an event may hold, 64 KiB."""


def decide(
    command: ApplicationCommand, state: Application
) -> tuple[ApplicationEvent, ...]:
    """Return what is to be given to whom; empty when it was begun before."""
    if state.given is not None:
        return ()
    return tuple(
        ApplicationBegun(
            based_on=command.based_on,
            by=command.by,
            given=_by_reviewer(part),
            occurred_at=command.at,
        )
        for part in _parts(command.given)
    )


def _parts(given: Sequence[Given]) -> Iterator[Sequence[Given]]:
    """Yield all of it in parts; one that is empty where there is nothing to give."""
    for start in range(0, max(1, len(given)), REVIEWS_OF_A_FACT):
        yield given[start : start + REVIEWS_OF_A_FACT]


def _by_reviewer(given: Sequence[Given]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in given:
        found[each.reviewer_id].append(each.review_id)
    return {reviewer_id: tuple(reviews) for reviewer_id, reviews in found.items()}


application = Decider(
    category="application", decide=decide, evolve=evolve, initial=INITIAL
)
