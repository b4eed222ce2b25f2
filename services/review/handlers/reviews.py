"""Judging: words of the reviewer are checked, sealed, and made a command.

Invariant: whatever needs no portfolio is decided before a portfolio is opened, and
nothing personal leaves here unsealed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.review.domain.allocation.commands import Holder
from services.review.domain.commands import (
    CompleteReview,
    DraftFeedback,
    JudgeCriterion,
    ReviewCommand,
)
from services.review.domain.decide import review, waiting
from services.review.domain.judgement import missing_criteria
from services.review.domain.situations import Judged, Waiting
from services.review.handlers.checking import (
    refuse_foreign_references,
    refuse_unknown_places,
)
from services.review.handlers.composing import compose
from services.review.handlers.holding import (
    holder,
    judge_noted,
    proven,
    step,
    stream,
    waiting_review,
)
from services.review.handlers.opening import Opening
from services.review.handlers.sealing import Sealing
from services.review.handlers.words import CriterionWords, FeedbackWords, Shown
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.personal import Personal
from shared.programmes import programme_of
from shared.vocabulary import CriterionKey

Write = Callable[[Waiting, Holder], Awaitable[ReviewCommand]]


@dataclass(frozen=True, slots=True)
class Reviews:
    """Everything that is judged."""

    handling: Handling
    opening: Opening
    sealing: Sealing

    async def judge(
        self,
        shown: Shown,
        criterion: CriterionKey,
        words: CriterionWords,
        cause: Cause,
    ) -> Handled:
        """Judge one criterion, or judge it again.

        Raises:
            TokenMissingError, TokenStaleError, TokenNotYoursError: no claim in force.
            EvidenceReferenceError: a reference points nowhere in the portfolio.
            ModificationPlaceError: a modification names no section or standard.
            The errors of ``domain.judgement.judge``.
        """

        async def write(state: Waiting, by: Holder) -> ReviewCommand:
            await self._refuse_unknown(state, by, words)
            subject = state.request.participant_id
            return JudgeCriterion(
                by=by,
                criterion=criterion,
                level=words.level,
                rationale=await self.sealing.rationale(subject, words),
                evidence=words.references(),
                modifications=await self.sealing.modifications(subject, words),
                at=shown.at,
            )

        return await self._write(shown, cause, write)

    async def draft_feedback(
        self, shown: Shown, words: FeedbackWords, cause: Cause
    ) -> Handled:
        """Keep what the participant is to read. Errors: those of every write."""

        async def write(state: Waiting, by: Holder) -> ReviewCommand:
            text = await self.sealing.draft(state.request.participant_id, words)
            return DraftFeedback(by=by, text=text, at=shown.at)

        return await self._write(shown, cause, write)

    async def complete(
        self, shown: Shown, *, borderline: bool, cause: Cause
    ) -> Handled:
        """Make the judgement final, with feedback composed of what was written.

        Raises:
            FeedbackOutdatedError: a level changed after the feedback was saved.
            CommentMissingError: the feedback lacks a comment on a criterion.
            The errors of every write and of ``domain.judgement.complete``.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(review, stream(shown.review_id))
            by = await holder(loader, shown)
            feedback = None
            if not isinstance(state, Judged):
                feedback = await self._compose(proven(waiting(state), by, shown), by)
            command = CompleteReview(
                by=by, borderline=borderline, feedback=feedback, at=shown.at
            )
            return (step(shown.review_id, command), judge_noted(shown))

        return await self.handling.plan(cause, build)

    async def _write(self, shown: Shown, cause: Cause, write: Write) -> Handled:
        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await waiting_review(loader, shown)
            by = await holder(loader, shown)
            command = await write(proven(state, by, shown), by)
            return (step(shown.review_id, command),)

        return await self.handling.plan(cause, build)

    async def _refuse_unknown(
        self, state: Waiting, by: Holder, words: CriterionWords
    ) -> None:
        about = state.request
        refuse_unknown_places(words, about, programme_of(about))
        if words.evidence:
            snapshot = await self.opening.snapshot(about, by.reviewer_id)
            refuse_foreign_references(words, snapshot, about.snapshot_sha256)

    async def _compose(self, state: Waiting, by: Holder) -> Personal[str] | None:
        draft = state.draft_of(by.reviewer_id)
        words = await self.opening.feedback(draft)
        if words is None or missing_criteria(draft):
            return None
        judged = {
            key: await self.opening.judgement(each)
            for key, each in draft.judgements.items()
        }
        feedback = compose(words, judged)
        return await self.sealing.feedback(state.request.participant_id, feedback)
