"""A blind judgement, and what follows when it is laid beside the reviewer's.

Same outcome and no wide gap: upheld. Otherwise a second moderator judges, blind to
both; the majority of the three keeps the reviewer's outcome, or the lead decides.
Source: moderation.md 4; the gap is configurable (P).
"""

from services.moderation.domain.commands import RecordBlindJudgement
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    CaseEvent,
    Compared,
    ReferredToLead,
    SecondOpinionCalled,
    Upheld,
)
from services.moderation.domain.evolve import Case, Moderating, moderated
from services.moderation.domain.holding import require_token, waiting_for_a_moderator
from services.moderation.domain.independence import require_moderator
from services.moderation.domain.refusals import (
    AlreadyJudgedError,
    EvidenceMissingError,
    LevelsIncompleteError,
)
from shared.vocabulary import CRITERIA, outcome_of


def compared(command: RecordBlindJudgement, state: Case) -> tuple[CaseEvent, ...]:
    """Return the judgement, its comparison, and what the two lead to."""
    if _repeats(command, state):
        return ()
    moderating = waiting_for_a_moderator(state)
    require_moderator(command.by, moderating)
    require_token(moderating.hold, command.token, command.by, command.at)
    judgement = _judgement(command, moderating)
    comparison = _comparison(judgement, moderating)
    return (judgement, comparison, _consequence(judgement, comparison, moderating))


def _repeats(command: RecordBlindJudgement, state: Case) -> bool:
    """Tell whether this moderator recorded the same under the same token before."""
    last = moderated(state)
    for earlier in last.blind if last else ():
        if earlier.moderator_id == command.by.person_id:
            same = (earlier.token, earlier.levels) == (command.token, command.levels)
            if not same or earlier.evidence != command.evidence:
                raise AlreadyJudgedError
            return True
    return False


def _judgement(
    command: RecordBlindJudgement, state: Moderating
) -> BlindJudgementRecorded:
    if set(command.levels) != set(CRITERIA):
        raise LevelsIncompleteError(needed=list(CRITERIA))
    bare = [key for key in CRITERIA if not command.evidence.get(key)]
    if bare or command.token is None:
        raise EvidenceMissingError(criteria=bare)
    return BlindJudgementRecorded(
        moderator_id=command.by.person_id,
        token=command.token,
        number=1 if state.stage == "first" else 2,
        levels=command.levels,
        outcome=outcome_of(command.levels),
        rationale=command.rationale,
        evidence=command.evidence,
        visible=command.visible,
        occurred_at=command.at,
    )


def _comparison(judgement: BlindJudgementRecorded, state: Moderating) -> Compared:
    first, second = state.judged.levels, judgement.levels
    return Compared(
        number=judgement.number,
        outcome_differs=judgement.outcome != state.judged.outcome,
        level_gaps={key: first[key] - second[key] for key in CRITERIA},
        occurred_at=judgement.occurred_at,
    )


def _consequence(
    judgement: BlindJudgementRecorded, comparison: Compared, state: Moderating
) -> CaseEvent:
    at = judgement.occurred_at
    if judgement.number == 1:
        widest = max(abs(gap) for gap in comparison.level_gaps.values())
        if comparison.outcome_differs or widest >= state.criterion_gap:
            return SecondOpinionCalled(occurred_at=at)
        return Upheld(by="agreement", occurred_at=at)
    outcomes = [state.judged.outcome, *(each.outcome for each in state.blind)]
    outcomes.append(judgement.outcome)
    if 2 * outcomes.count(state.judged.outcome) > len(outcomes):
        return Upheld(by="majority", occurred_at=at)
    return ReferredToLead(occurred_at=at)
