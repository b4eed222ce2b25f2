"""What a reviewer types and what they saved, for whoever holds or held the claim.

Invariant: an author writes and reads their own whatever became of the claim, as folded
facts know who was given one; nobody else reads a word of it, whatever their role.

Drafts are sealed under the key of the participant, like every word that is written
about them: under their author's key they would outlive the person they describe.
"""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from services.review.domain.decide import review
from services.review.domain.situations import NotRequested, Waiting, portfolio_of
from services.review.handlers.holding import stream
from services.review.handlers.opening import GRANT, Opening
from services.review.handlers.words import CriterionWords, FeedbackWords
from shared.drafts import Author, Place
from shared.errors import NotFoundError
from shared.handling import Handling
from shared.programmes import programme_of
from shared.vocabulary import CriterionKey

FEEDBACK_FORM: Final = "feedback"


class NeverHeldError(NotFoundError):
    """There is no such review among those you hold or held: claim it first."""


class OwnWords(BaseModel):
    """What one reviewer saved of a judgement: never another reviewer's words."""

    review_id: str
    criteria: dict[CriterionKey, CriterionWords]
    feedback: FeedbackWords | None


@dataclass(frozen=True, slots=True)
class Drafting:
    """Finds what an author may always write in and read."""

    handling: Handling
    opening: Opening

    async def place(self, review_id: str, reviewer_id: str, form: str) -> Place:
        """Return where this reviewer's drafts of *form* are kept.

        Raises:
            NeverHeldError: they never held this review.
            UnknownFormError: it has no such form; names those it has.
        """
        about = (await self._held_ever(review_id, reviewer_id)).request
        forms = (*(each.code for each in programme_of(about).criteria), FEEDBACK_FORM)
        author = Author(reviewer_id, GRANT, about=about.participant_id)
        return Place.among(forms, form, author, within=review_id)

    async def own_words(self, review_id: str, reviewer_id: str) -> OwnWords:
        """Return what this reviewer judged and wrote, the last of each.

        Raises:
            NeverHeldError: they never held this review.
            PortfolioErasedError: the participant was erased.
        """
        state = await self._held_ever(review_id, reviewer_id)
        draft = state.draft_of(reviewer_id)
        return OwnWords(
            review_id=review_id,
            criteria={
                key: await self.opening.judgement(judged)
                for key, judged in draft.judgements.items()
            },
            feedback=await self.opening.feedback(draft),
        )

    async def _held_ever(self, review_id: str, reviewer_id: str) -> Waiting:
        """Return it; the refusal does not tell whether there is such a review."""
        _, state = await self.handling.fold(review, stream(review_id))
        if isinstance(state, NotRequested):
            raise NeverHeldError
        portfolio = portfolio_of(state)
        if not portfolio.was_given_to(reviewer_id):
            raise NeverHeldError
        return portfolio
