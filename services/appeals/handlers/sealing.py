"""Words about one participant into envelopes, all under the participant's key."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.feedback import WORDS_FIELD
from shared.crypto import Vault
from shared.personal import Personal

QUESTION: Final = "appeal.question"
STATEMENT: Final = "appeal.statement"


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals what is asked and answered."""

    vault: Vault

    async def question(self, participant_id: str, text: str) -> Personal[str]:
        """Return what the participant wants explained."""
        return await self.vault.seal(participant_id, text, field=QUESTION)

    async def statement(self, participant_id: str, text: str) -> Personal[str]:
        """Return why the participant appeals."""
        return await self.vault.seal(participant_id, text, field=STATEMENT)

    async def explanation(self, participant_id: str, text: str) -> Personal[str]:
        """Return the explanation, for the participant's letter."""
        return await self.vault.seal(participant_id, text, field=WORDS_FIELD)

    async def reasons(self, participant_id: str, text: str) -> Personal[str]:
        """Return the reasons of a decision, for the participant's letter."""
        return await self.vault.seal(participant_id, text, field=WORDS_FIELD)
