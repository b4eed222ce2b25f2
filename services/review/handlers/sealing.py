"""Words of a reviewer into envelopes, all under the participant's key."""

from dataclasses import dataclass
from typing import Final

from services.review.domain.events import Modification
from services.review.handlers.words import CriterionWords, FeedbackWords, RecallWords
from shared.contracts.feedback import Feedback
from shared.crypto import Vault
from shared.personal import Personal

RATIONALE: Final = "judgement.rationale"
MODIFICATION: Final = "judgement.modification"
MOVE: Final = "judgement.move_reason"
"""Why a review was given or taken to another reviewer."""
NOTE: Final = "judgement.referral"
"""Why a reviewer could not decide."""
DRAFT: Final = "draft.feedback"
OVERRIDE: Final = "judgement.override_reason"
"""Why somebody may judge despite a conflict, or what follows from one told late."""
RECALL: Final = "judgement.recall_reason"
FEEDBACK: Final = "feedback.letter"
"""What `Completed.feedback` opens as, in moderation and notification too."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals what is written about one participant."""

    vault: Vault

    async def rationale(
        self, participant_id: str, words: CriterionWords
    ) -> Personal[str] | None:
        """Return the sealed rationale; None when nothing was written."""
        if not words.rationale:
            return None
        return await self._seal(participant_id, words.rationale, RATIONALE)

    async def modifications(
        self, participant_id: str, words: CriterionWords
    ) -> tuple[Modification, ...]:
        """Return the modifications with their texts sealed, in order."""
        return tuple(
            [
                Modification(
                    section=each.section,
                    standard=each.standard,
                    text=await self._seal(participant_id, each.text, MODIFICATION),
                )
                for each in words.modifications
            ]
        )

    async def move(self, participant_id: str, reason: str) -> Personal[str]:
        """Return why a review changes hands, for whom it concerns."""
        return await self._seal(participant_id, reason, MOVE)

    async def note(self, participant_id: str, note: str) -> Personal[str]:
        """Return why a reviewer cannot decide, for the lead's eyes."""
        return await self._seal(participant_id, note, NOTE)

    async def override(self, participant_id: str, reason: str) -> Personal[str]:
        """Return what the lead decides about a conflict, for the lead's eyes."""
        return await self._seal(participant_id, reason, OVERRIDE)

    async def draft(self, participant_id: str, words: FeedbackWords) -> Personal[str]:
        """Return the draft of the feedback, for its author's eyes."""
        return await self._seal(participant_id, words.model_dump_json(), DRAFT)

    async def recall(
        self, participant_id: str, words: RecallWords
    ) -> Personal[str] | None:
        """Return why a judgement is taken back; None when nothing was said."""
        if not words.reason:
            return None
        return await self._seal(participant_id, words.reason, RECALL)

    async def feedback(self, participant_id: str, words: Feedback) -> Personal[str]:
        """Return the final feedback, for the participant's letter."""
        return await self._seal(participant_id, words.to_text(), FEEDBACK)

    async def _seal(self, subject: str, text: str, field: str) -> Personal[str]:
        return await self.vault.seal(subject, text, field=field)
