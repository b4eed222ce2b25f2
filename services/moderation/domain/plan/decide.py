"""The rules of a cohort's moderation: publish, fix the randomness, release, disclose.

Invariant: the key is committed before the randomness is known, and disclosed only after
everything that was drawn with it is released.
"""

import hashlib
import json
from typing import assert_never

from services.moderation.domain.plan.batches import draw_for_release, risk_of
from services.moderation.domain.plan.checking import refuse_unusable
from services.moderation.domain.plan.commands import (
    CommitNonce,
    DrawForRelease,
    NoteModerator,
    NoteRefusal,
    NoteReviewer,
    PlanCommand,
    PublishPlan,
    ReleaseCohort,
    RevealKey,
    RevealNonce,
)
from services.moderation.domain.plan.events import (
    AttemptRefused,
    CohortReleased,
    KeyRevealed,
    ModeratorJoined,
    Plan,
    PlanEvent,
    PlanPublished,
    ReviewerJoined,
)
from services.moderation.domain.plan.evolve import (
    INITIAL,
    CohortPlan,
    Disclosed,
    Drawing,
    Published,
    Unpublished,
    evolve,
)
from services.moderation.domain.plan.nonces import commit, reveal
from services.moderation.domain.plan.refusals import (
    AllHeldError,
    AnotherPlanPublishedError,
    CohortNotSettledError,
    DrawsWaitingError,
    JudgementsRecalledError,
    KeyDoesNotMatchError,
    NothingJudgedError,
    NothingReleasedError,
    OutcomesUnreleasedError,
    PlanTooLateError,
    PlanUnpublishedError,
    RecallsPossibleError,
)
from services.moderation.domain.sampling import commitment
from shared.carrying import carry
from shared.decider import Decider

NAMED_CASES = 20
"""Most case ids that a refusal lists; it always tells how many there are."""


def plan_hash(plan: Plan) -> str:
    """Return SHA-256 over the plan's JSON: sorted keys, no spaces, UTF-8."""
    content = plan.model_dump(mode="json")
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def decide(command: PlanCommand, state: CohortPlan) -> tuple[PlanEvent, ...]:
    """Return the facts that *command* leads to; empty when it was done before.

    Raises:
        RuleViolatedError: one of the refusals beside this module.
    """
    match command:
        case PublishPlan():
            return _publish(command, state)
        case CommitNonce():
            return commit(command, state)
        case RevealNonce():
            return reveal(command, state)
        case NoteReviewer() | NoteModerator() | NoteRefusal():
            return _note(command, state)
        case _:
            return _closing(command, state)


def _closing(
    command: ReleaseCohort | DrawForRelease | RevealKey, state: CohortPlan
) -> tuple[PlanEvent, ...]:
    match command:
        case ReleaseCohort():
            return _release(command, state)
        case DrawForRelease():
            return draw_for_release(command, state)
        case RevealKey():
            return _reveal_key(command, state)
        case _:
            assert_never(command)


def _publish(command: PublishPlan, state: CohortPlan) -> tuple[PlanEvent, ...]:
    if state.published is not None:
        if state.published.plan == command.plan:
            return ()
        raise AnotherPlanPublishedError(plan_hash=state.published.plan_hash)
    if state.reviewers and command.late_because is None:
        raise PlanTooLateError(reviewers=list(state.reviewers))
    refuse_unusable(command.plan.drawn_by)
    published = PlanPublished(
        plan=command.plan,
        plan_hash=plan_hash(command.plan),
        key_commitment=command.key_commitment,
        wrapped_key=command.wrapped_key,
        published_by=command.by,
        late_because=command.late_because if state.reviewers else None,
        reviewers_before=state.reviewers,
        occurred_at=command.at,
    )
    return (published,)


def _note(
    command: NoteReviewer | NoteModerator | NoteRefusal, state: CohortPlan
) -> tuple[PlanEvent, ...]:
    """Return somebody who judges, or an attempt that was refused, once each."""
    match command:
        case NoteReviewer(reviewer_id=reviewer_id):
            is_known = reviewer_id in state.reviewers
            noted: PlanEvent = carry(command, ReviewerJoined, occurred_at=command.at)
        case NoteModerator(moderator_id=moderator_id):
            is_known = moderator_id in state.moderators
            noted = carry(command, ModeratorJoined, occurred_at=command.at)
        case NoteRefusal():
            tried = (command.attempted, command.refusal, command.by)
            is_known = tried in state.refused
            noted = carry(command, AttemptRefused, occurred_at=command.at)
        case _:
            assert_never(command)
    return () if is_known else (noted,)


def _release(command: ReleaseCohort, state: CohortPlan) -> tuple[PlanEvent, ...]:
    if isinstance(state.stage, Unpublished):
        raise PlanUnpublishedError
    if command.undrawn:
        named = list(command.undrawn[:NAMED_CASES])
        raise DrawsWaitingError(count=len(command.undrawn), cases=named)
    if command.unsettled:
        named = list(command.unsettled[:NAMED_CASES])
        raise CohortNotSettledError(count=len(command.unsettled), cases=named)
    _refuse_recalls(command)
    earlier = state.rounds.get(command.attempt, 0)
    if command.held and not command.releasable:
        named = list(command.held[:NAMED_CASES])
        raise AllHeldError(count=len(command.held), cases=named)
    if not command.releasable and not earlier:
        raise NothingJudgedError
    if not command.releasable:
        return ()
    limit = state.published.plan.drawn_by.release if state.published else None
    released = CohortReleased(
        attempt=command.attempt,
        number=earlier + 1,
        cases=command.releasable,
        held=len(command.held),
        released_by=command.by,
        risk=risk_of(command, state, limit) if limit else None,
        occurred_at=command.at,
    )
    return (released,)


def _refuse_recalls(command: ReleaseCohort) -> None:
    """Accept a release of judgements that are final; say from when they are."""
    if command.recalled:
        raise JudgementsRecalledError(
            count=len(command.recalled),
            cases=list(command.recalled)[:NAMED_CASES],
            until=max(command.recalled.values()).isoformat(),
        )
    until = command.recallable_until
    if until is not None and command.at <= until:
        raise RecallsPossibleError(until=until.isoformat())


def _reveal_key(command: RevealKey, state: CohortPlan) -> tuple[PlanEvent, ...]:
    match state.stage:
        case Disclosed():
            return ()
        case Unpublished() | Published():
            raise PlanUnpublishedError
        case Drawing(published=published):
            if not state.releases:
                raise NothingReleasedError
            if command.unreleased:
                raise OutcomesUnreleasedError(count=command.unreleased)
            if commitment(command.key) != published.key_commitment:
                raise KeyDoesNotMatchError
            key = command.key.hex()
            return (
                KeyRevealed(key=key, revealed_by=command.by, occurred_at=command.at),
            )
        case _:
            assert_never(state.stage)


plan = Decider(category="plan", decide=decide, evolve=evolve, initial=INITIAL)
