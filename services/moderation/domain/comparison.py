"""A blind judgement, and what follows when it is laid beside the reviewer's.

Same outcome and no wide gap: upheld, unless a second moderator was drawn. Otherwise a
second moderator judges, blind to both; the majority of the three keeps the reviewer's
outcome, or the lead decides. A paused moderator makes no majority: judged again because
of them, a case is the lead's as soon as the second moderator differs.
Sources: moderation.md 4 and 9; the gap is a plan's (P).
"""

from dataclasses import replace
from datetime import datetime

from services.moderation.domain.commands import RecordBlindJudgement, RejudgeCase
from services.moderation.domain.decisions import Rejudged, Upheld
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    CaseEvent,
    Compared,
    ReferredToLead,
    SecondOpinionCalled,
)
from services.moderation.domain.holding import require_token, waiting_for_a_moderator
from services.moderation.domain.independence import require_moderator
from services.moderation.domain.refusals import (
    AlreadyJudgedError,
    EvidenceMissingError,
    LevelsIncompleteError,
)
from services.moderation.domain.settling import settle
from services.moderation.domain.situations import (
    Case,
    Moderating,
    moderated,
    waits_for,
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
    comparison = _comparison(judgement, moderating, command.at)
    after = replace(moderating, blind=(*moderating.blind, judgement))
    return (judgement, comparison, *_consequence(comparison, after))


def rejudged(command: RejudgeCase, state: Case) -> tuple[CaseEvent, ...]:
    """Return the new judgement, and what it leads to beside the blind ones.

    If the majority agrees with it, it stands; otherwise the lead decides again. Both
    of the reviewer's judgements stay. Source: moderation.md 4 and 5.
    """
    if not isinstance(state, Moderating):
        return ()
    if not waits_for(state, command.judged.review_id):
        return ()
    fact = Rejudged(judged=command.judged, occurred_at=command.at)
    earlier = (*state.earlier, state.judged)
    after = replace(state, judged=command.judged, earlier=earlier)
    if after.is_recalled:
        return (fact,)
    return (fact, *_by_majority(after, command.at))


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
        second_drawn=command.is_second_drawn and state.stage == "first",
        occurred_at=command.at,
    )


def compared_again(after: Moderating, at: datetime) -> tuple[CaseEvent, ...]:
    """Return how the blind judgements compare with one that came instead.

    Empty when there are none; otherwise what follows from them anew.
    """
    comparisons = [_comparison(each, after, at) for each in after.blind]
    if len(comparisons) == 1:
        return (*comparisons, *_consequence(comparisons[0], after))
    majority = _by_majority(after, at) if comparisons else ()
    return (*comparisons, *majority)


def _comparison(
    judgement: BlindJudgementRecorded, state: Moderating, at: datetime
) -> Compared:
    first, second = state.judged.levels, judgement.levels
    return Compared(
        number=judgement.number,
        outcome_differs=judgement.outcome != state.judged.outcome,
        level_gaps={key: first[key] - second[key] for key in CRITERIA},
        occurred_at=at,
    )


def _consequence(comparison: Compared, after: Moderating) -> tuple[CaseEvent, ...]:
    at = comparison.occurred_at
    if comparison.number == 1:
        differs = _differs(comparison, after)
        if differs or after.blind[0].second_drawn or after.rechecked_by:
            return (SecondOpinionCalled(occurred_at=at),)
        return settle(after, Upheld(by="agreement", occurred_at=at))
    return _by_majority(after, at)


def _differs(comparison: Compared, state: Moderating) -> bool:
    widest = max(abs(gap) for gap in comparison.level_gaps.values())
    return comparison.outcome_differs or widest >= state.criterion_gap


def _by_majority(after: Moderating, at: datetime) -> tuple[CaseEvent, ...]:
    outcomes = [after.judged.outcome, *(each.outcome for each in after.blind)]
    is_kept = 2 * outcomes.count(after.judged.outcome) > len(outcomes)
    if is_kept and not _is_left_to_lead(after, at):
        return settle(after, Upheld(by="majority", occurred_at=at))
    return (ReferredToLead(occurred_at=at),)


def _is_left_to_lead(after: Moderating, at: datetime) -> bool:
    """Tell whether a case that is judged again needs the lead, whatever most say.

    It does where two had judged it, and where whoever was called in differs.
    """
    if after.rechecked_by is None:
        return False
    last = _comparison(after.blind[-1], after, at)
    return after.stage == "lead" or _differs(last, after)
