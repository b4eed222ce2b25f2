"""How facts add up to the application of a preview."""

from dataclasses import dataclass

from services.review.domain.allocation.plan import Given
from services.review.domain.application.events import ApplicationEvent


@dataclass(frozen=True, slots=True)
class Application:
    """What is to be given to whom; None while nobody has begun it."""

    given: tuple[Given, ...] | None = None


INITIAL = Application()


def evolve(state: Application, event: ApplicationEvent) -> Application:
    """Return *state* as it is after *event*."""
    more = (
        Given(review_id, reviewer_id)
        for reviewer_id, reviews in event.given.items()
        for review_id in reviews
    )
    return Application(given=(*(state.given or ()), *more))
