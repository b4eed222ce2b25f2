"""Who may decide about a judgement that was compared, when, and what follows.

The lead decides when both moderators came to the other outcome. When nobody had to
decide, some of the `decisions` may still be made before the release, by the lead or by
a moderator who judged the case.

Invariant: an individual result is not changed without deciding about the reviewer's
other work. Source: moderation.md 5.
"""

from services.moderation.domain.commands import Colleague, DecideCase
from services.moderation.domain.decisions import Decision, ReturnOrdered
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.independence import require_judge, require_lead
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    AlreadyReturnedError,
    CaseWithdrawnError,
    JudgementRecalledError,
    LevelsIncompleteError,
    NotInPlanError,
    NotReferredError,
)
from services.moderation.domain.settling import settle, told
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Settled,
    Withdrawn,
    settled,
)
from shared.vocabulary import CRITERIA


def lead(command: DecideCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the facts of a decision; empty when it was made before.

    Raises:
        CaseWithdrawnError: the participant has withdrawn.
        JudgementRecalledError: the reviewer is judging it again.
        NotReferredError: nobody has to decide this case, or not yet.
        AlreadyDecidedError: it was decided otherwise.
        AlreadyReturnedError: a second return.
        NotInPlanError: the plan does not allow it.
        NotALeadError, NotIndependentError and what else ``independence`` raises.
    """
    if isinstance(state, Withdrawn):
        raise CaseWithdrawnError
    if _was_made_before(command, state):
        return ()
    last = _open_to(command, state)
    if command.asked.name() not in command.allowed:
        raise NotInPlanError(allowed=list(command.allowed))
    if command.given.levels and set(command.given.levels) != set(CRITERIA):
        raise LevelsIncompleteError(needed=list(CRITERIA))
    if command.asked.goes_back() and last.returned is not None:
        raise AlreadyReturnedError
    decided = command.asked.decided(command.given, last.judged)
    if isinstance(decided, ReturnOrdered):
        return (decided, told(last.judged, "returned", command.at))
    return settle(last, decided)


def _was_made_before(command: DecideCase, state: Case) -> bool:
    """Tell whether exactly this was decided; what nobody decided is open to some.

    Raises:
        AlreadyDecidedError: it was decided otherwise.
    """
    if isinstance(state, Moderating) and state.stage == "returned":
        return state.returned is not None and _is_same(command, state.returned)
    done = settled(state)
    if done is None or done.decision.decided_by is None:
        return False
    if _is_same(command, done.decision):
        return True
    raise AlreadyDecidedError


def _is_same(command: DecideCase, decided: Decision | ReturnOrdered) -> bool:
    """Tell whether the same person decided the same; sealed words are not compared."""
    given = command.given
    is_theirs = decided.decided_by == given.decided_by
    is_alike = getattr(decided, "levels", given.levels) == given.levels
    return isinstance(decided, command.asked.makes) and is_theirs and is_alike


def _open_to(command: DecideCase, state: Case) -> Moderating:
    """Return the case as it was moderated, which *command* may decide now."""
    if isinstance(state, Settled) and command.asked.also_by_judges:
        _require_either(command.by, state.moderated)
        return state.moderated
    return _referred(command.by, state)


def _require_either(by: Colleague, state: Moderating) -> None:
    """Return if *by* judged the case blind, or may decide it as the lead."""
    if any(each.moderator_id == by.person_id for each in state.blind):
        require_judge(by, state)
    else:
        require_lead(by, state)


def _referred(by: Colleague, state: Case) -> Moderating:
    if isinstance(state, Moderating) and state.is_recalled:
        raise JudgementRecalledError
    if not isinstance(state, Moderating) or state.stage != "lead":
        raise NotReferredError
    require_lead(by, state)
    return state
