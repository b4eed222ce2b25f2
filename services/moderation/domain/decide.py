"""The rules of one round of one case: blind first, then compared, decided, released."""

from typing import assert_never

from services.moderation.domain.appealing import want_fresh_review, withdraw
from services.moderation.domain.commands import (
    CaseCommand,
    DecideCase,
    EndTake,
    FollowHolds,
    HandBackCase,
    MarkOverdue,
    NoteRecall,
    OpenCase,
    OrderRecheck,
    RecordBlindJudgement,
    RejudgeCase,
    ReleaseOutcome,
    RenewJudgement,
    TakeCase,
    WantFreshReview,
    WithdrawCase,
)
from services.moderation.domain.comparison import compared, rejudged
from services.moderation.domain.events import CaseEvent, Opened, OpeningSetAside
from services.moderation.domain.evolve import INITIAL, evolve
from services.moderation.domain.holding import hand_back, take
from services.moderation.domain.leading import lead
from services.moderation.domain.recalling import follow
from services.moderation.domain.recalls import Recalls
from services.moderation.domain.rechecking import end_take, order_recheck
from services.moderation.domain.refusals import unsaved
from services.moderation.domain.releasing import release
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Reassessing,
    Settled,
    Unopened,
    waits_for,
)
from services.moderation.domain.timing import follow_holds, mark_overdue
from shared.decider import Decider
from shared.errors import ForbiddenError, RuleViolatedError


def decide(command: CaseCommand, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        RuleViolatedError, ForbiddenError: see ``refusals``.
    """
    match command:
        case TakeCase():
            return take(command, state)
        case HandBackCase():
            return hand_back(command, state)
        case RecordBlindJudgement() | DecideCase():
            return _written(command, state)
        case _:
            return _moved(command, state)


def _written(
    command: RecordBlindJudgement | DecideCase, state: Case
) -> tuple[CaseEvent, ...]:
    """Return the facts of somebody's words; a refusal says that they are not saved."""
    try:
        if isinstance(command, DecideCase):
            return lead(command, state)
        return compared(command, state)
    except (RuleViolatedError, ForbiddenError) as refused:
        raise unsaved(refused) from None


def _moved(
    command: OpenCase
    | RejudgeCase
    | NoteRecall
    | RenewJudgement
    | WithdrawCase
    | WantFreshReview
    | ReleaseOutcome
    | FollowHolds
    | MarkOverdue
    | EndTake
    | OrderRecheck,
    state: Case,
) -> tuple[CaseEvent, ...]:
    match command:
        case OpenCase() | RejudgeCase() | NoteRecall() | RenewJudgement():
            return _judged(command, state)
        case WithdrawCase():
            return withdraw(command, state)
        case WantFreshReview():
            return want_fresh_review(command, state)
        case ReleaseOutcome():
            return release(command, state)
        case FollowHolds() | MarkOverdue():
            return _timed(command, state)
        case EndTake() | OrderRecheck():
            return _paused(command, state)
        case _:
            assert_never(command)


def _judged(
    command: OpenCase | RejudgeCase | NoteRecall | RenewJudgement, state: Case
) -> tuple[CaseEvent, ...]:
    match command:
        case OpenCase():
            return _open(command, state)
        case RejudgeCase():
            return rejudged(command, state)
        case NoteRecall() | RenewJudgement():
            return follow(command, state)
        case _:
            assert_never(command)


def _timed(command: FollowHolds | MarkOverdue, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(command, FollowHolds):
        return follow_holds(command, state)
    return mark_overdue(command, state)


def _paused(command: EndTake | OrderRecheck, state: Case) -> tuple[CaseEvent, ...]:
    if isinstance(command, EndTake):
        return end_take(command, state)
    return order_recheck(command, state)


def _open(command: OpenCase, state: Case) -> tuple[CaseEvent, ...]:
    judged = command.judged
    known: frozenset[object] = frozenset()
    match state:
        case Unopened():
            return (_opened(command, (), state.recalls),)
        case Reassessing() if waits_for(state, judged.review_id):
            excluded = state.wanted.excluded
            return (_opened(command, excluded, state.recalls),)
        case Moderating():
            known = state.set_aside | _judgements(state)
        case Settled(moderated=last):
            known = _judgements(last)
        case _:
            pass
    if judged.judgement_id in known:
        return ()
    aside = OpeningSetAside(judgement_id=judged.judgement_id, occurred_at=command.at)
    return (aside,)


def _judgements(state: Moderating) -> frozenset[object]:
    return frozenset(each.judgement_id for each in (*state.earlier, state.judged))


def _opened(command: OpenCase, excluded: tuple[str, ...], recalls: Recalls) -> Opened:
    stands = recalls.standing(command.judged)
    return Opened(
        judged=command.judged,
        criterion_gap=command.criterion_gap,
        excluded=excluded,
        recallable_until=command.recallable_until,
        stands=None if stands == command.judged else stands,
        recalled_token=recalls.last_token(command.judged.review_id),
        occurred_at=command.at,
    )


moderation = Decider(
    category="moderation", decide=decide, evolve=evolve, initial=INITIAL
)
