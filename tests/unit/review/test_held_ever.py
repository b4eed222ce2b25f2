"""Who held a review, and so keeps what they wrote, whatever became of it."""

import pytest

from services.review.domain.decide import review
from services.review.domain.events import ReviewEvent
from services.review.domain.evolve import INITIAL
from services.review.domain.situations import NotRequested, portfolio_of
from tests.unit.review.examples import (
    CLOSED,
    claimed,
    completed,
    lapsed,
    released,
    requested,
)

WAYS: dict[str, tuple[ReviewEvent, ...]] = {
    "held": (),
    "lapsed": (lapsed(),),
    "released": (released(),),
    "somebody else's": (released(), claimed("sam", 2)),
    "completed": (completed(),),
    "withdrawn": (CLOSED,),
    "completed and withdrawn": (completed(), CLOSED),
}


def was_given_to(reviewer_id: str, *history: ReviewEvent) -> bool:
    state = INITIAL
    for fact in history:
        state = review.evolve(state, fact)
    assert not isinstance(state, NotRequested)
    return portfolio_of(state).was_given_to(reviewer_id)


class TestPortfolio:
    @pytest.mark.parametrize("way", WAYS)
    def test_was_given_to_whoever_holds_or_held_it(self, way: str) -> None:
        """Source: architecture.md, "HTTP, time, drafts": kept after a lapsed claim."""
        assert was_given_to("rita", requested(), claimed(), *WAYS[way])

    def test_was_given_to_nobody_who_never_held_it(self) -> None:
        """Source: architecture.md, "HTTP, time, drafts": visible to its author only."""
        assert not was_given_to("rita", requested())
        assert not was_given_to("sam", requested(), claimed(), lapsed())
