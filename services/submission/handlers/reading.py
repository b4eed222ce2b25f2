"""Protected words of a case, opened for the participant or, with a reason, for staff.

Invariant: what staff read is recorded in the case before anything is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.submission.domain.commands import RecordOpening
from services.submission.domain.decide import case
from services.submission.handlers.owning import Item, Who, own_state, participant_of
from shared.crypto import Grant, Opened, Purpose, Vault
from shared.errors import BadInputError
from shared.handling import Cause, Handling, Step
from shared.ids import new_id
from shared.personal import Erased, Personal

REASON = "office.reason"


class ReasonMissingError(BadInputError):
    """Protected data is opened for a reason: give ``reason``; it is recorded."""


@dataclass(frozen=True, slots=True)
class Words:
    """Seals and opens what participant and office write to each other."""

    handling: Handling
    vault: Vault

    async def seal(self, item: Item, text: str, *, field: str) -> Personal[str]:
        """Return *text* sealed for the participant, whoever of both wrote it.

        Raises:
            NotEnrolledError: there is no such case or application, or not for them.
        """
        _, state = await self.handling.fold(case, item.stream)
        whose = participant_of(own_state(state, item.who))
        return await self.vault.seal(whose, text, field=field)

    async def read(
        self,
        case_id: str,
        texts: Sequence[Personal[str]],
        *,
        field: str,
        who: Who,
        reason: str | None,
    ) -> tuple[str | None, ...]:
        """Return *texts* in clear; None for what was erased.

        Raises:
            ReasonMissingError: staff read without saying why.
        """
        if who.side == "participant":
            grant = Grant(role="participant", purpose=Purpose.OWN_CASE)
            opened = await self.vault.open_all(texts, str, field=field, grant=grant)
        else:
            opened = await self._for_staff(case_id, texts, field, who, reason)
        return tuple(None if isinstance(each, Erased) else each for each in opened)

    async def _for_staff(
        self,
        case_id: str,
        texts: Sequence[Personal[str]],
        field: str,
        who: Who,
        reason: str | None,
    ) -> tuple[str | Erased, ...]:
        if reason is None or not reason.strip():
            raise ReasonMissingError
        grant = Grant(
            role=who.role,
            purpose=Purpose.OPERATE_WITH_REASON,
            actor=who.person_id,
            reason=reason,
        )

        async def record(opened: Opened) -> None:
            await self._record(case_id, opened, who, reason)

        vault = self.vault.recording(record)
        return await vault.open_all(texts, str, field=field, grant=grant)

    async def _record(
        self, case_id: str, opened: Opened, who: Who, reason: str
    ) -> None:
        subject = opened.subjects[0]
        command = RecordOpening(
            opened_by=who.person_id,
            field=opened.field,
            reason=await self.vault.seal(subject, reason, field=REASON),
            at=opened.opened_at,
        )
        cause = _reading(who)
        await self.handling(cause, Step(case, f"case-{case_id}", command))


def _reading(who: Who) -> Cause:
    return Cause.first(new_id(), actor=who.person_id, role=who.role)
