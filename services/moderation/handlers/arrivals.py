"""What others tell moderation: who may moderate, what was judged, withdrawn, appealed.

Invariant: messages come in any order. A judgement that comes before the plan or its
randomness is kept as a fact and drawn when the other half arrives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import (
    CaseCommand,
    NoteRecall,
    OpenCase,
    RejudgeCase,
    RenewJudgement,
    WantFreshReview,
    WithdrawCase,
)
from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.commands import ReceiveJudgement
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.commands import NoteReviewer
from services.moderation.domain.plan.decide import plan
from services.moderation.domain.situations import (
    Case,
    Moderating,
    is_fresh,
    recalls_of,
    waits_for,
)
from services.moderation.domain.standing.commands import JoinCohort, StandingCommand
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.evolve import Standing
from services.moderation.handlers.applying import apply_here, remark_late
from services.moderation.handlers.due import with_holds
from services.moderation.handlers.redrawing import Redraw, Redraws
from services.moderation.handlers.renewing import renew
from services.moderation.handlers.seeding import Placing
from services.moderation.handlers.seeding.judging import (
    answering,
    course_of,
    is_seed,
    taking_back,
)
from services.moderation.handlers.seeding.requiring import newcomer_steps
from services.moderation.handlers.streams import (
    ATTEMPTS,
    Unwraps,
    case_stream,
    plan_stream,
    recallable_until,
    standing_stream,
    stream_of,
)
from services.moderation.handlers.weighing import weighing
from shared.handling import Cause, Handled, Handling, Loader, Step


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Takes in what the others tell."""

    handling: Handling
    vault: Unwraps
    placing: Placing

    async def pass_over(self, cause: Cause) -> Handled:
        """Note that a message was seen and that nothing follows from it here."""
        return await self.handling(cause)

    async def told_of(self, command: StandingCommand, cause: Cause) -> Handled:
        """Know what somebody's independence depends on."""
        return await self.told_of_each((command,), cause)

    async def told_of_each(
        self, commands: Sequence[StandingCommand], cause: Cause
    ) -> Handled:
        """Know what the independence of several depends on, of all or of none."""
        steps = (
            Step(standing, standing_stream(each.person_id), each) for each in commands
        )
        return await self.handling(cause, *steps)

    async def withdrawn(
        self, case_id: str, *, withdrawn_at: datetime, at: datetime, cause: Cause
    ) -> Handled:
        """Let no round of a case be judged, released or told any more."""
        steps = (
            Step(
                moderation,
                case_stream(case_id, attempt),
                WithdrawCase(
                    case_id=case_id, attempt=attempt, withdrawn_at=withdrawn_at, at=at
                ),
            )
            for attempt in ATTEMPTS
        )
        return await self.handling(cause, *steps)

    async def appealed(self, command: WantFreshReview, cause: Cause) -> Handled:
        """Have a portfolio judged afresh."""
        stream = case_stream(command.case_id, command.attempt)
        return await self.handling(cause, Step(moderation, stream, command))

    async def recalled(self, command: NoteRecall, cause: Cause) -> Handled:
        """Let nothing of a case go on while its reviewer judges again."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            if (await course_of(loader, command.case_id)).entered is not None:
                return (taking_back(command),)
            stream = case_stream(command.case_id, command.attempt)
            return (Step(moderation, stream, command),)

        return await self.handling.plan(cause, build)

    async def judgement(
        self, judged: JudgedCase, at: datetime, cause: Cause, *, follows_recall: bool
    ) -> Handled:
        """Take in a completed review; draw it, and open the case when selected.

        One that was returned, or is a fresh review, is moderated without a draw; one
        that follows a recall is what the one before it was drawn as. That of a seed is
        kept apart: it has no number and no draw.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            cohort_id, reviewer_id = judged.cohort_id, judged.reviewer_id
            redraws = Redraws(loader, self.vault)
            redraw = await redraws.of(cohort_id, reviewer_id)
            if await is_seed(redraw, loader, judged):
                return await answering(redraw, loader, judged, at)
            state = await loader.state(moderation, stream_of(judged))
            following = _following(
                state, judged, redraw.gap, at, follows_recall=follows_recall
            )
            is_sampled = following is None and not is_fresh(judged.review_id)
            theirs = standing_stream(reviewer_id)
            stands = await loader.state(standing, theirs)
            _receive(stands, redraw, state, judged, at, is_sampled=is_sampled)
            if isinstance(following, RenewJudgement):
                await renew(redraws, following, state)
            counted = await weighing(redraws, following, state) if following else ()
            seeded = await self.placing.after(redraws, judged, at)
            cohort = await loader.state(plan, plan_stream(cohort_id))
            note = NoteReviewer(
                reviewer_id=reviewer_id,
                results_before=await redraws.results_before(cohort, reviewer_id),
                at=at,
            )
            held_back = await newcomer_steps(redraws, judged, note, at)
            join = JoinCohort(person_id=reviewer_id, cohort_id=cohort_id, at=at)
            stream = stream_of(judged)
            steps = (
                Step(plan, plan_stream(cohort_id), note),
                Step(standing, theirs, join),
                *redraws.steps,
                *held_back,
                *([Step(moderation, stream, following)] if following else []),
                *counted,
                *seeded,
            )
            return await with_holds(loader, steps)

        return await self.handling.plan(cause, build)


def _receive(
    stands: Standing,
    redraw: Redraw,
    state: Case,
    judged: JudgedCase,
    at: datetime,
    *,
    is_sampled: bool,
) -> None:
    """Let the draws take in a judgement, as where its reviewer stands asks by now."""
    is_known = judged.judgement_id in redraw.draws.entries
    if is_sampled:
        apply_here(stands, redraw, at)
    later = recalls_of(state).standing(judged)
    redraw.carry_out(
        ReceiveJudgement(
            judged=judged,
            sampler=redraw.sampler,
            is_follow_up=not is_sampled,
            renewed=later if is_sampled and later != judged else None,
            follows_conflict=recalls_of(state).is_set_aside(judged.review_id),
            at=at,
        )
    )
    if not is_known and judged.judgement_id in redraw.draws.entries:
        remark_late(stands, redraw, judged, at)


def _following(
    state: Case, judged: JudgedCase, gap: int, at: datetime, *, follows_recall: bool
) -> CaseCommand | None:
    """Return what follows from a judgement that is no part of a draw; None if it is."""
    if isinstance(state, Moderating) and waits_for(state, judged.review_id):
        return RejudgeCase(judged=judged, at=at)
    until = recallable_until(judged)
    if follows_recall:
        return RenewJudgement(judged=judged, recallable_until=until, at=at)
    if not waits_for(state, judged.review_id):
        return None
    return OpenCase(judged=judged, criterion_gap=gap, recallable_until=until, at=at)
