"""What the holder of a review may open: the portfolio, its files, their own words.

Invariant: nothing is opened for anybody but the independent holder of a lease that has
not ended, decided from folded facts, never from a read model.
"""

from dataclasses import dataclass
from datetime import datetime

from services.review.domain.assessment.decide import assessment
from services.review.domain.claims import has_lapsed
from services.review.domain.decide import ReviewClosedError, review
from services.review.domain.events import Completed, CriterionJudged, Requested
from services.review.domain.independence import refuse_dependence
from services.review.domain.reviewer.decide import reviewer
from services.review.domain.situations import (
    Claim,
    Draft,
    Ended,
    Judged,
    Review,
    Waiting,
)
from services.review.handlers.holding import (
    assessment_stream,
    reviewer_stream,
    stream,
)
from services.review.handlers.proposing import FeedbackProposal, propose
from services.review.handlers.recalling import recallable_until
from services.review.handlers.sealing import (
    DRAFT,
    FEEDBACK,
    MODIFICATION,
    MOVE,
    NOTE,
    OVERRIDE,
    RATIONALE,
)
from services.review.handlers.words import (
    CriterionWords,
    FeedbackWords,
    HeldReview,
    ModificationWords,
)
from shared.crypto import Grant, Purpose, Vault
from shared.errors import NotFoundError
from shared.evidence import Access, ServedFile, Snapshot, Snapshots
from shared.handling import Handling
from shared.personal import Erased, Personal
from shared.programmes import every_phrase, programme_of

GRANT = Grant(role="reviewer", purpose=Purpose.REVIEW_HELD_CASE)
LEAD = Grant(role="lead_moderator", purpose=Purpose.MODERATE)


RETURN_FIELD = "judgement.return_reason"
"""What moderation seals the reason of a return as."""


class NotHeldError(NotFoundError):
    """There is no such review among those you hold: claim it first."""


class PortfolioErasedError(NotFoundError):
    """The participant's data was erased: there is nothing left to read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens what a claim gives a part in."""

    handling: Handling
    vault: Vault
    snapshots: Snapshots

    async def review(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> HeldReview:
        """Return the review with everything its holder has written.

        Raises:
            NotHeldError: this reviewer does not hold it now.
            ReviewClosedError: they were to judge it, and the participant withdrew.
        """
        state, held = await self._held(review_id, reviewer_id, at)
        draft = state.draft_of(reviewer_id)
        about = state.request
        return HeldReview(
            review_id=review_id,
            case_id=about.case_id,
            cohort_id=about.cohort_id,
            attempt=about.attempt,
            programme=about.programme,
            template=about.template,
            role_context=about.role_context,
            submitted_at=about.submitted_at,
            due_at=about.due_at,
            snapshot_sha256=about.snapshot_sha256,
            token=held.token,
            lease_ends_at=held.lease_ends_at,
            criteria={
                key: await self.judgement(judged)
                for key, judged in draft.judgements.items()
            },
            feedback=await self.feedback(draft),
            returned_because=await self._returned(state, reviewer_id),
        )

    async def proposal(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> FeedbackProposal:
        """Return what feedback could say, from what its holder has judged so far.

        Raises:
            NotHeldError: this reviewer does not hold the review now.
        """
        state, _ = await self._held(review_id, reviewer_id, at)
        judgements = state.draft_of(reviewer_id).judgements
        judged = {key: await self.judgement(each) for key, each in judgements.items()}
        about = state.request
        return propose(judged, programme_of(about), about.template, every_phrase())

    async def completed(
        self, review_id: str, reviewer_id: str
    ) -> tuple[Completed, datetime | None]:
        """Return what this reviewer made final, and until when it can be taken back.

        Raises:
            NotHeldError: they have not completed this review.
        """
        _, state = await self.handling.fold(review, stream(review_id))
        if not isinstance(state, Judged | Ended):
            raise NotHeldError
        judgement = state.judgement
        if judgement is None or judgement.reviewer_id != reviewer_id:
            raise NotHeldError
        return judgement, recallable_until(state, judgement)

    async def portfolio(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> tuple[str, Snapshot]:
        """Return the content hash and the portfolio that was handed in.

        Raises:
            NotHeldError: this reviewer does not hold the review now.
            PortfolioErasedError: the participant was erased.
        """
        state, _ = await self._held(review_id, reviewer_id, at)
        snapshot = await self.snapshot(state.request, reviewer_id)
        return state.request.snapshot_sha256, snapshot

    async def file(
        self, review_id: str, reviewer_id: str, evidence_id: str, at: datetime
    ) -> ServedFile:
        """Return a file of the portfolio. Errors as `portfolio`.

        Raises:
            EvidenceNotListedError: the portfolio has no such file.
        """
        state, _ = await self._held(review_id, reviewer_id, at)
        about = state.request
        served = await self.snapshots.file(
            about.snapshot_path,
            evidence_id,
            content_hash=about.snapshot_sha256,
            access=_access(about, reviewer_id),
        )
        if isinstance(served, Erased):
            raise PortfolioErasedError
        return served

    async def snapshot(self, about: Requested, reviewer_id: str) -> Snapshot:
        """Return the portfolio for a reviewer whose claim the caller has proven."""
        found = await self.snapshots.read(
            about.snapshot_path,
            content_hash=about.snapshot_sha256,
            access=_access(about, reviewer_id),
        )
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return found

    async def judgement(self, judged: CriterionJudged) -> CriterionWords:
        """Return a judgement in clear, for its author alone."""
        (rationale,) = await self._open((judged.rationale,), RATIONALE)
        texts = await self._open(
            tuple(each.text for each in judged.modifications), MODIFICATION
        )
        return CriterionWords.model_validate(
            {
                "level": judged.level,
                "rationale": rationale,
                "evidence": [each.model_dump() for each in judged.evidence],
                "modifications": [
                    ModificationWords(
                        section=each.section, standard=each.standard, text=text
                    )
                    for each, text in zip(judged.modifications, texts, strict=True)
                ],
            }
        )

    async def feedback(self, draft: Draft) -> FeedbackWords | None:
        """Return the draft of the feedback in clear, for its author alone."""
        if draft.feedback is None:
            return None
        (text,) = await self._open((draft.feedback.text,), DRAFT)
        return FeedbackWords.model_validate_json(text)

    async def held_request(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> Requested:
        """Return what a review is about, for its holder.

        Raises:
            NotHeldError: this reviewer does not hold the review now.
        """
        state, _ = await self._held(review_id, reviewer_id, at)
        return state.request

    async def advice(self, feedback: Personal[str]) -> str:
        """Return what the participant was told, for who judges their second attempt."""
        (text,) = await self._open((feedback,), FEEDBACK)
        return text

    async def note(self, note: Personal[str]) -> str:
        """Return why a reviewer could not decide, for the lead moderator."""
        return await self._for_lead(note, NOTE)

    async def override(self, reason: Personal[str]) -> str:
        """Return why somebody may judge despite a conflict, for the lead moderator."""
        return await self._for_lead(reason, OVERRIDE)

    async def _for_lead(self, words: Personal[str], field: str) -> str:
        found = await self.vault.open(words, str, field=field, grant=LEAD)
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return found

    async def move(self, reason: Personal[str]) -> str:
        """Return why a review was taken, for whom it was taken from alone."""
        (text,) = await self._open((reason,), MOVE)
        return text

    async def _returned(self, state: Waiting, reviewer_id: str) -> str | None:
        """Return why moderation wants this judged again, for its reviewer alone."""
        back = state.returned
        if back is None or back.reviewer_id != reviewer_id:
            return None
        (text,) = await self._open((back.reason,), RETURN_FIELD)
        return text

    async def _open(
        self, envelopes: tuple[Personal[str], ...], field: str
    ) -> tuple[str, ...]:
        opened = await self.vault.open_all(envelopes, str, field=field, grant=GRANT)
        texts = tuple(each for each in opened if not isinstance(each, Erased))
        if len(texts) != len(opened):
            raise PortfolioErasedError
        return texts

    async def _held(
        self, review_id: str, reviewer_id: str, at: datetime
    ) -> tuple[Waiting, Claim]:
        _, state = await self.handling.fold(review, stream(review_id))
        _refuse_closed(state, reviewer_id)
        if not isinstance(state, Waiting) or state.claim is None:
            raise NotHeldError
        held = state.claim
        if held.reviewer_id != reviewer_id or has_lapsed(held, at):
            raise NotHeldError
        _, judge = await self.handling.fold(reviewer, reviewer_stream(reviewer_id))
        case_stream = assessment_stream(state.request.case_id)
        _, known = await self.handling.fold(assessment, case_stream)
        own_stream = reviewer_stream(state.request.participant_id)
        _, person = await self.handling.fold(reviewer, own_stream)
        refuse_dependence(state.request, judge, known.employed(person.organisation_id))
        return state, held


def _refuse_closed(state: Review, reviewer_id: str) -> None:
    """Tell whoever was to judge it that nobody does any more."""
    if not isinstance(state, Ended) or state.judgement is not None:
        return
    if reviewer_id in state.portfolio.allocated:
        raise ReviewClosedError(review_id=state.requested.review_id)


def _access(about: Requested, reviewer_id: str) -> Access:
    return Access(person_id=reviewer_id, case_id=about.case_id, part="reviewer")
