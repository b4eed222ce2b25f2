"""Telling an outcome: the one that stands, and the feedback that stands with it."""

from services.moderation.domain.commands import ReleaseOutcome
from services.moderation.domain.events import CaseEvent
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.recalls import Recalls
from services.moderation.domain.refusals import (
    CaseWithdrawnError,
    JudgementRecalledError,
    NotSettledError,
)
from services.moderation.domain.settling import moderation_result
from services.moderation.domain.situations import (
    Case,
    Settled,
    Unopened,
    Withdrawn,
    is_told,
)
from shared.carrying import carry
from shared.personal import Personal
from shared.vocabulary import Outcome


def release(command: ReleaseOutcome, state: Case) -> tuple[CaseEvent, ...]:
    """Return the released outcome; with it, its reviewer may know their result.

    They learn it no earlier: whoever knew which of their judgements were drawn could
    tell where in a block the hidden one is not.

    Raises:
        NotSettledError: a drawn case waits for a decision.
        JudgementRecalledError: the reviewer is judging it again.
        CaseWithdrawnError: the participant has withdrawn.
    """
    if isinstance(state, Withdrawn):
        raise CaseWithdrawnError
    if is_told(state):
        return ()
    match state:
        case Unopened():
            return (_undrawn(command, state.recalls),)
        case Settled():
            outcome = _released(command, state.outcome, state.feedback, state.took_part)
            return (outcome, moderation_result(state))
        case _:
            raise NotSettledError


def _undrawn(command: ReleaseOutcome, recalls: Recalls) -> OutcomeReleased:
    """Return the outcome of a case that was not drawn: of what stands of it."""
    drawn, judged = command.judged, recalls.standing(command.judged)
    if recalls.open_recall(drawn) is not None:
        raise JudgementRecalledError
    everyone = (drawn.reviewer_id, *recalls.reviewers, judged.reviewer_id)
    took_part = tuple(dict.fromkeys(everyone))
    return _released(command, judged.outcome, judged.feedback, took_part)


def _released(
    command: ReleaseOutcome,
    outcome: Outcome,
    feedback: Personal[str],
    took_part: tuple[str, ...],
) -> OutcomeReleased:
    return carry(
        command.judged,
        OutcomeReleased,
        outcome=outcome,
        feedback=feedback,
        took_part=took_part,
        occurred_at=command.at,
    )
