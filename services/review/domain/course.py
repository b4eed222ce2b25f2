"""What clocks and other services do to a review: end, move, close, reopen, mark it.

Invariant: none of this is refused, because nobody would see it; what no longer applies
leads to nothing, and what was kept back from its effect is a fact.
"""

from typing import assert_never

from services.review.domain.claims import allocation, has_lapsed
from services.review.domain.commands import (
    CloseReview,
    EndClaim,
    FollowHolds,
    MarkOverdue,
    MoveOpening,
    ReopenReview,
    RestoreJudgement,
)
from services.review.domain.events import Completed
from services.review.domain.evolve import evolve
from services.review.domain.recalling import restore
from services.review.domain.recalls import JudgementRestored
from services.review.domain.situations import (
    Ended,
    Judged,
    NotRequested,
    Review,
    Waiting,
)
from services.review.domain.turns import (
    ClaimEnded,
    Closed,
    DueMoved,
    FellOverdue,
    OpeningKept,
    OpeningMoved,
    Reopened,
    TurnEvent,
)
from shared.carrying import carry


def turn(
    command: EndClaim
    | MoveOpening
    | FollowHolds
    | CloseReview
    | ReopenReview
    | RestoreJudgement
    | MarkOverdue,
    state: Review,
) -> tuple[TurnEvent | JudgementRestored, ...]:
    """Return the facts of what happened to the review; empty when nothing changes."""
    match command:
        case CloseReview():
            return _close(command, state)
        case ReopenReview():
            return _reopen(command, state)
        case RestoreJudgement():
            return restore(command, state)
        case _ if isinstance(state, Waiting):
            return _while_waiting(command, state)
        case _:
            return ()


def _while_waiting(
    command: EndClaim | MoveOpening | FollowHolds | MarkOverdue, state: Waiting
) -> tuple[TurnEvent, ...]:
    match command:
        case EndClaim():
            return _end_claim(command, state)
        case MoveOpening():
            return _move(command, state)
        case FollowHolds():
            return _follow_holds(command, state)
        case MarkOverdue():
            return _mark(command, state)
        case _:
            assert_never(command)


def _end_claim(command: EndClaim, state: Waiting) -> tuple[TurnEvent, ...]:
    held = state.claim
    if held is None or held.reviewer_id != command.reviewer_id:
        return ()
    return (
        ClaimEnded(
            reviewer_id=held.reviewer_id,
            token=held.token,
            because=command.because,
            occurred_at=command.at,
        ),
    )


def _move(command: MoveOpening, state: Waiting) -> tuple[TurnEvent, ...]:
    if command.review_opens_at <= state.request.review_opens_at:
        return ()
    if state.claim is not None and not has_lapsed(state.claim, command.at):
        kept = OpeningKept(announced=command.review_opens_at, occurred_at=command.at)
        return (kept,)
    return _told(carry(command, OpeningMoved, occurred_at=command.at), state)


def _follow_holds(command: FollowHolds, state: Waiting) -> tuple[TurnEvent, ...]:
    due_at = state.period.held_until(command.assessment.holds)
    if due_at == state.request.due_at:
        return ()
    return _told(DueMoved(due_at=due_at, occurred_at=command.at), state)


def _told(moved: OpeningMoved | DueMoved, state: Waiting) -> tuple[TurnEvent, ...]:
    """Return the later due date, told anew to whoever is expected to judge."""
    after = evolve(state, moved)
    if state.last_holder_id is None or not isinstance(after, Waiting):
        return (moved,)
    return (moved, allocation(after, state.last_holder_id, moved.occurred_at))


def _close(command: CloseReview, state: Review) -> tuple[TurnEvent, ...]:
    if isinstance(state, NotRequested | Ended):
        return ()
    closed = Closed(occurred_at=command.at)
    held = state.claim if isinstance(state, Waiting) else None
    if held is None:
        return (closed,)
    ended = ClaimEnded(
        reviewer_id=held.reviewer_id,
        token=held.token,
        because="withdrawn",
        occurred_at=command.at,
    )
    return (ended, closed)


def _reopen(command: ReopenReview, state: Review) -> tuple[TurnEvent, ...]:
    if not _is_the_returned(command, state):
        return ()
    reopened = carry(command, Reopened, occurred_at=command.at)
    after = evolve(state, reopened)
    if not isinstance(after, Waiting):
        return (reopened,)
    return (reopened, allocation(after, command.reviewer_id, command.at))


def _is_the_returned(command: ReopenReview, state: Review) -> bool:
    """Tell whether the judgement that is returned stands, or is taken back just now.

    One that was replaced since is judged again already; one that was set aside is for
    somebody else to judge, and what the office gave to somebody else is theirs.
    """
    match state:
        case Judged(judgement=judgement):
            return command.token in {None, judgement.token}
        case Waiting(recalled=Completed() as judgement):
            is_theirs = _may_go_back(command.reviewer_id, state)
            return is_theirs and command.token in {None, judgement.token}
        case _:
            return False


def _may_go_back(reviewer_id: str, state: Waiting) -> bool:
    """Tell whether what somebody took back is nobody else's by now."""
    if state.is_set_aside or reviewer_id in state.taken:
        return False
    holder_id = None if state.claim is None else state.claim.reviewer_id
    return {holder_id, state.kept_for} <= {None, reviewer_id}


def _mark(command: MarkOverdue, state: Waiting) -> tuple[TurnEvent, ...]:
    is_due = command.at >= state.request.due_at and not command.assessment.is_held
    if state.is_overdue or not is_due:
        return ()
    return (
        FellOverdue(
            review_id=state.request.review_id,
            case_id=state.request.case_id,
            reviewer_id=state.last_holder_id,
            due_at=state.request.due_at,
            occurred_at=command.at,
        ),
    )
