"""Words of a decision into a command: sealed, each under the participant's key."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.moderation.domain.commands import Colleague, DecideCase
from services.moderation.domain.deciding import Given
from services.moderation.domain.decisions import Asked
from services.moderation.domain.judgement import JudgedCase
from services.moderation.handlers.fields import (
    OTHER_WORK_FIELD,
    REASON_FIELD,
    RETURN_FIELD,
)
from shared.contracts.feedback import FEEDBACK_FIELD
from shared.crypto import Vault
from shared.london import months_later
from shared.personal import Personal
from shared.programmes import programme_of


@dataclass(frozen=True, slots=True)
class Deciding:
    """Makes the command that somebody's words ask for."""

    vault: Vault

    async def command(
        self, judged: JudgedCase, by: Colleague, words: Asked, at: datetime
    ) -> DecideCase:
        """Return what *words* ask for; nothing personal is in clear in it."""
        field = RETURN_FIELD if words.goes_back() else REASON_FIELD
        given = Given(
            decided_by=by.person_id,
            reason=await self._seal(judged, words.reason, field),
            due_at=_due(judged, at),
            occurred_at=at,
        )
        if (feedback := words.new_feedback) is not None:
            text = await self._seal(judged, feedback.to_text(), FEEDBACK_FIELD)
            given = replace(given, levels=feedback.levels(), feedback=text)
        if (more := words.consequence) is not None:
            why = await self._seal(judged, more.other_work_reason, OTHER_WORK_FIELD)
            given = replace(given, other_work=more.other_work, other_work_reason=why)
        return DecideCase(by=by, asked=type(words), given=given)

    async def _seal(self, judged: JudgedCase, text: str, field: str) -> Personal[str]:
        return await self.vault.seal(judged.participant_id, text, field=field)


def _due(judged: JudgedCase, at: datetime) -> datetime:
    """Return the end of the month that a returned judgement has. Source: S2 4.4."""
    months = programme_of(judged).policy.review.period_months.value
    return months_later(at, months=months)
