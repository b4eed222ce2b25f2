"""Judging: three criteria with evidence, feedback, and the outcome by rule.

Source: domain.md section 2; S1.
"""

from collections.abc import Mapping

from services.review.domain.claims import claim_of, extend
from services.review.domain.commands import (
    CompleteReview,
    DraftFeedback,
    JudgeCriterion,
)
from services.review.domain.events import (
    ClaimExtended,
    Completed,
    CriterionJudged,
    FeedbackDrafted,
)
from services.review.domain.independence import refuse_dependence
from services.review.domain.situations import Draft, Waiting
from shared.carrying import carry
from shared.errors import RuleViolatedError
from shared.vocabulary import CRITERIA, MET_LEVEL, CriterionKey, Level, outcome_of


class RationaleMissingError(RuleViolatedError):
    """A judgement needs a rationale: say why this level."""


class EvidenceMissingError(RuleViolatedError):
    """A judgement needs evidence: cite at least one passage, file or page."""


class ModificationMissingError(RuleViolatedError):
    """Below 3 a criterion needs at least one required modification."""


class NotAllJudgedError(RuleViolatedError):
    """All three criteria must be judged before the review is completed."""


class FeedbackMissingError(RuleViolatedError):
    """Feedback must be written before the review is completed."""


class FeedbackOutdatedError(RuleViolatedError):
    """Levels changed after the feedback was saved: look at it and save it again."""


class BorderlineOnlyForCMError(RuleViolatedError):
    """Only a CM can be borderline."""


def judge(
    command: JudgeCriterion, state: Waiting
) -> tuple[CriterionJudged | ClaimExtended, ...]:
    """Return the facts of one judgement; judging again keeps the earlier one.

    Raises:
        RationaleMissingError, EvidenceMissingError: why, and where it is seen.
        ModificationMissingError: below 3 without one. Source: domain.md section 2.
        The errors of `claim_of` and `refuse_dependence`.
    """
    refuse_dependence(state.request, command.by.reviewer, command.by.assessment)
    held = claim_of(command.by, state, command.at)
    if command.rationale is None:
        raise RationaleMissingError(criterion=command.criterion)
    if not command.evidence:
        raise EvidenceMissingError(criterion=command.criterion)
    _refuse_unhelpful(command)
    judged = carry(
        command,
        CriterionJudged,
        reviewer_id=held.reviewer_id,
        token=held.token,
        occurred_at=command.at,
    )
    return (judged, *extend(held, command.at))


def draft_feedback(
    command: DraftFeedback, state: Waiting
) -> tuple[FeedbackDrafted | ClaimExtended, ...]:
    """Return the facts of a feedback draft. Errors: `claim_of`, `refuse_dependence`."""
    refuse_dependence(state.request, command.by.reviewer, command.by.assessment)
    held = claim_of(command.by, state, command.at)
    drafted = FeedbackDrafted(
        reviewer_id=held.reviewer_id,
        token=held.token,
        text=command.text,
        occurred_at=command.at,
    )
    return (drafted, *extend(held, command.at))


def complete(command: CompleteReview, state: Waiting) -> tuple[Completed, ...]:
    """Return the final judgement: CM only if all three criteria are 3 or 4.

    Only what the holder wrote counts, never another reviewer's draft.

    Raises:
        NotAllJudgedError: names the criteria still to be judged.
        FeedbackMissingError: a CM gets written feedback too. Source: S1.
        FeedbackOutdatedError: names the criteria whose level changed after it.
        BorderlineOnlyForCMError: a CNM is not borderline. Source: domain.md 2.
        The errors of `claim_of` and `refuse_dependence`.
    """
    refuse_dependence(state.request, command.by.reviewer, command.by.assessment)
    held = claim_of(command.by, state, command.at)
    draft = state.draft_of(held.reviewer_id)
    levels = _levels(draft)
    if draft.feedback is None or command.feedback is None:
        raise FeedbackMissingError
    _refuse_outdated_feedback(draft, levels)
    outcome = outcome_of(levels)
    if command.borderline and outcome != "CM":
        raise BorderlineOnlyForCMError(outcome=outcome)
    return (
        carry(
            state.request,
            Completed,
            reviewer_id=held.reviewer_id,
            token=held.token,
            levels=levels,
            outcome=outcome,
            borderline=command.borderline,
            feedback=command.feedback,
            period_from=state.period.since,
            period_until=state.period.due_at,
            follows_recall=state.recalled is not None,
            conflict_overridden=command.by.assessment.may_judge_despite_conflict(
                held.reviewer_id, state.request.review_id
            ),
            occurred_at=command.at,
        ),
    )


def missing_criteria(draft: Draft) -> tuple[CriterionKey, ...]:
    """Return the criteria that are still to be judged, in their order."""
    return tuple(key for key in CRITERIA if key not in draft.judgements)


def _levels(draft: Draft) -> dict[CriterionKey, Level]:
    missing = missing_criteria(draft)
    if missing:
        message = f"Judge {', '.join(missing)} before you complete the review."
        raise NotAllJudgedError(message, missing=missing)
    return {key: draft.judgements[key].level for key in CRITERIA}


def _refuse_outdated_feedback(
    draft: Draft, levels: Mapping[CriterionKey, Level]
) -> None:
    """Accept feedback that was saved with these levels before its writer's eyes."""
    changed = tuple(key for key in CRITERIA if draft.told.get(key) != levels[key])
    if changed:
        message = (
            f"The level of {', '.join(changed)} is another than when the feedback was "
            "saved: look at the feedback and save it again."
        )
        raise FeedbackOutdatedError(message, changed=changed)


def _refuse_unhelpful(command: JudgeCriterion) -> None:
    if command.level < MET_LEVEL and not command.modifications:
        raise ModificationMissingError(criterion=command.criterion)
