"""What a moderator's pause means for cases: what they hold, and what they judged.

They keep no case. What they judged stays, and the lead decides about each settled and
unreleased case: judged by one moderator, a second one judges it blind; judged by two,
the lead decides it. Source: statistics.md 4, "Moderators: same ladder".
"""

from services.moderation.domain.commands import EndTake, OrderRecheck
from services.moderation.domain.events import (
    CaseEvent,
    ReferredToLead,
    SecondOpinionCalled,
)
from services.moderation.domain.independence import require_lead
from services.moderation.domain.recalls import TakeEnded
from services.moderation.domain.rechecks import RecheckOrdered
from services.moderation.domain.refusals import (
    AlreadyDecidedError,
    CaseWithdrawnError,
    NobodyPausedError,
    NotSettledError,
)
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Settled,
    Withdrawn,
)
from shared.carrying import carry


def end_take(command: EndTake, state: Case) -> tuple[CaseEvent, ...]:
    """Return that a paused moderator no longer holds the case; nothing if nobody does.

    Nothing is refused: a clock asks, which nobody would see refused.
    """
    hold = state.hold if isinstance(state, Moderating) else None
    if hold is None or hold.moderator_id != command.moderator_id:
        return ()
    return (carry(hold, TakeEnded, because="paused", occurred_at=command.at),)


def order_recheck(command: OrderRecheck, state: Case) -> tuple[CaseEvent, ...]:
    """Return the order, and who judges or decides the case next.

    Raises:
        CaseWithdrawnError: the participant has withdrawn.
        NotSettledError: it is still moderated, or told already.
        AlreadyDecidedError: a lead has decided it: no moderator's word stands.
        NobodyPausedError: whoever judged it is not paused.
        NotALeadError, NotIndependentError and what else ``independence`` raises.
    """
    if isinstance(state, Withdrawn):
        raise CaseWithdrawnError
    if isinstance(state, Moderating) and state.rechecked_by == command.by.person_id:
        return ()
    if not isinstance(state, Settled) or state.moderated.revises is not None:
        raise NotSettledError
    last = state.moderated
    require_lead(command.by, last)
    if state.is_decided_by_lead:
        raise AlreadyDecidedError
    judges = [each.moderator_id for each in last.blind]
    paused = next((each for each in judges if each in command.paused), None)
    if paused is None:
        raise NobodyPausedError
    ordered = carry(
        command,
        RecheckOrdered,
        case_id=last.judged.case_id,
        moderator_id=paused,
        ordered_by=command.by.person_id,
        occurred_at=command.at,
    )
    if len(judges) == 1:
        return (ordered, SecondOpinionCalled(occurred_at=command.at))
    return (ordered, ReferredToLead(occurred_at=command.at))
