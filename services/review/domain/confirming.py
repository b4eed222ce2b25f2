"""Whether what a letter tells a reviewer or a lead is still so, just before it is sent.

Source: domain.md section 5, "checked at the moment of sending that it is still true".
"""

from collections.abc import Iterable

from services.review.domain.late import ConflictFound
from services.review.domain.situations import Judged, Review, Waiting
from services.review.domain.turns import Allocated, FellOverdue
from shared.decider import Fact


def is_still_true(
    told: Fact, state: Review, *, is_held: bool, since: Iterable[Fact] = ()
) -> bool:
    """Tell whether this reviewer is still expected to judge the review, by that date.

    Not once it is judged, closed, given back, taken away or with somebody else; and
    nothing is overdue while the clocks of its case stand still. That a conflict was
    found stays so; one that the lead is to decide about, until they have. What is told
    once more among the facts *since* is left to the later letter.
    """
    if isinstance(told, ConflictFound):
        return told.when != "released" or not _is_decided(state)
    if not isinstance(told, Allocated | FellOverdue) or not isinstance(state, Waiting):
        return False
    if is_held and isinstance(told, FellOverdue):
        return False
    if any(_is_again(told, each) for each in since):
        return False
    is_theirs = told.reviewer_id == state.last_holder_id
    return is_theirs and told.due_at == state.request.due_at


def _is_again(told: Allocated | FellOverdue, later: Fact) -> bool:
    """Tell whether it was taken away from this reviewer and given back to them."""
    return isinstance(later, type(told)) and told.reviewer_id == later.reviewer_id


def _is_decided(state: Review) -> bool:
    return isinstance(state, Judged) and state.conflict_decision is not None
