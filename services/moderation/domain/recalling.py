"""A judgement that its reviewer takes back, and the one that comes instead.

What was drawn stays drawn: probability and ticket are those of the first judgement.
While a judgement is taken back nobody judges the case blind and nobody decides it; a
decision that nobody was told is open again. What moderators judged blind stays, and is
compared with the judgement that comes instead.

Nothing here is refused: it is heard from review, which nobody would see refuse.
"""

from dataclasses import replace

from services.moderation.domain.commands import NoteRecall, RenewJudgement
from services.moderation.domain.comparison import compared_again
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.recalls import (
    JudgementRecalled,
    JudgementRenewed,
    RecallSetAside,
    TakeEnded,
)
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Reassessing,
    Settled,
    Unopened,
    Withdrawn,
    is_told,
    moderated,
    recalls_of,
    waits_for,
)
from shared.carrying import carry


def follow(command: NoteRecall | RenewJudgement, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts of a recall, or of the judgement that comes after one."""
    if isinstance(command, NoteRecall):
        return _note_recall(command, state)
    return _renew(command, state)


def _note_recall(command: NoteRecall, state: Case) -> tuple[CaseEvent, ...]:
    """Return the recall, and that whoever holds the case loses it."""
    if isinstance(state, Withdrawn):
        return ()
    if not concerns(state, command.review_id):
        return (carry(command, RecallSetAside, occurred_at=command.at),)
    recalled = carry(command, JudgementRecalled, occurred_at=command.at)
    if recalls_of(state).knows(recalled):
        return ()
    last = state if isinstance(state, Moderating) else None
    if last is None or last.hold is None:
        return (recalled,)
    if last.recalls.after(recalled).open_recall(last.judged) is None:
        return (recalled,)
    ended = carry(last.hold, TakeEnded, occurred_at=command.at)
    return (recalled, ended)


def _renew(command: RenewJudgement, state: Case) -> tuple[CaseEvent, ...]:
    """Return the judgement that came instead, and what follows beside blind ones."""
    judged = command.judged
    if isinstance(state, Withdrawn) or not concerns(state, judged.review_id):
        return ()
    renewed = carry(command, JudgementRenewed, occurred_at=command.at)
    if recalls_of(state).knows(renewed):
        return ()
    after = renewed_case(state, renewed)
    is_newer = isinstance(after, Moderating) and after.judged == judged
    if not isinstance(after, Moderating) or not is_newer or after.is_recalled:
        return (renewed,)
    return (renewed, *compared_again(after, command.at))


def concerns(state: Case, review_id: str) -> bool:
    """Tell whether a judgement of this review is not told yet."""
    last = moderated(state)
    match state:
        case Moderating() | Settled() if last is not None:
            return last.judged.review_id == review_id
        case Reassessing():
            return waits_for(state, review_id)
        case _:
            return not is_told(state)


def recalled_case(state: Case, event: JudgementRecalled) -> Case:
    """Return the case once a judgement is taken back: a decision is open again."""
    match state:
        case Unopened() | Reassessing() | Moderating():
            return replace(state, recalls=state.recalls.after(event))
        case Settled(moderated=last, decision=decision):
            recalls = last.recalls.after(event)
            after = replace(last, recalls=recalls)
            if recalls.open_recall(last.judged) is None:
                return replace(state, moderated=after)
            return replace(after, reopened=(*last.reopened, decision))
        case _:
            return state  # decide never lets this happen; a fold must not fail


def renewed_case(state: Case, event: JudgementRenewed) -> Case:
    """Return the case with the judgement that came instead, if none came later."""
    match state:
        case Unopened() | Reassessing():
            return replace(state, recalls=state.recalls.after(event))
        case Moderating():
            return _renewed(state, event)
        case Settled(moderated=last, decision=decision):
            after = _renewed(last, event)
            if after.judged == last.judged:
                return replace(state, moderated=after)
            return replace(after, reopened=(*last.reopened, decision))
        case _:
            return state  # decide never lets this happen; a fold must not fail


def opened_case(opened: Moderating, before: Unopened | Reassessing) -> Moderating:
    """Return a case that was opened, with what had been heard of it before."""
    recalls = before.recalls
    later = recalls.renewed.get(opened.judged.review_id)
    after = replace(opened, recalls=recalls)
    return after if later is None else _replaced(after, later)


def _renewed(state: Moderating, event: JudgementRenewed) -> Moderating:
    return _replaced(replace(state, recalls=state.recalls.after(event)), event)


def _replaced(state: Moderating, event: JudgementRenewed) -> Moderating:
    if event.judged.token <= state.judged.token:
        return state
    return replace(
        state,
        judged=event.judged,
        earlier=(*state.earlier, state.judged),
        recallable_until=event.recallable_until,
    )
