"""Words of a decision into a command: sealed, each under the participant's key."""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.commands import (
    AmendFeedback,
    Colleague,
    DecideCommand,
    OrderReturn,
    OverturnCase,
    UpholdCase,
)
from services.moderation.domain.judgement import JudgedCase
from services.moderation.handlers.fields import (
    OTHER_WORK_FIELD,
    REASON_FIELD,
    RETURN_FIELD,
)
from services.moderation.handlers.words import Consequence, DecisionWords, Overturning
from shared.contracts.feedback import FEEDBACK_FIELD, Feedback
from shared.crypto import Vault
from shared.london import months_later
from shared.personal import Personal
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Deciding:
    """Makes the command that somebody's words ask for."""

    vault: Vault

    async def command(
        self, judged: JudgedCase, by: Colleague, words: DecisionWords, at: datetime
    ) -> DecideCommand:
        """Return what *words* ask for; nothing personal is in clear in it."""
        if words.overturning is not None:
            return await self._overturn(judged, by, words, words.overturning, at)
        if words.returning is not None:
            return await self._return(judged, by, words, words.returning, at)
        reason = await self._seal(judged, words.reason, REASON_FIELD)
        if words.feedback is None:
            return UpholdCase(by=by, reason=reason, at=at)
        return AmendFeedback(
            by=by,
            levels=words.feedback.levels(),
            reason=reason,
            feedback=await self._feedback(judged, words.feedback),
            at=at,
        )

    async def _return(
        self,
        judged: JudgedCase,
        by: Colleague,
        words: DecisionWords,
        more: Consequence,
        at: datetime,
    ) -> OrderReturn:
        return OrderReturn(
            by=by,
            reason=await self._seal(judged, words.reason, RETURN_FIELD),
            other_work=more.other_work,
            other_work_reason=await self._seal(
                judged, more.other_work_reason, OTHER_WORK_FIELD
            ),
            due_at=_due(judged, at),
            at=at,
        )

    async def _overturn(
        self,
        judged: JudgedCase,
        by: Colleague,
        words: DecisionWords,
        more: Overturning,
        at: datetime,
    ) -> OverturnCase:
        return OverturnCase(
            by=by,
            levels=more.feedback.levels(),
            reason=await self._seal(judged, words.reason, REASON_FIELD),
            feedback=await self._feedback(judged, more.feedback),
            other_work=more.other_work,
            other_work_reason=await self._seal(
                judged, more.other_work_reason, OTHER_WORK_FIELD
            ),
            at=at,
        )

    async def _feedback(self, judged: JudgedCase, feedback: Feedback) -> Personal[str]:
        return await self._seal(judged, feedback.to_text(), FEEDBACK_FIELD)

    async def _seal(self, judged: JudgedCase, text: str, field: str) -> Personal[str]:
        return await self.vault.seal(judged.participant_id, text, field=field)


def _due(judged: JudgedCase, at: datetime) -> datetime:
    """Return the end of the month that a returned judgement has. Source: S2 4.4."""
    months = programme_of(judged).policy.review.period_months.value
    return months_later(at, months=months)
