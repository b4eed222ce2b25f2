"""What somebody may see of a case now: blind first, the comparison afterwards.

Invariant: before a moderator has recorded a judgement, nothing that is returned here
depends on any other judgement, not even on whether there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.moderation.domain.events import BlindJudgementRecorded
from services.moderation.domain.independence import require_lead
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Settled,
    is_told,
    moderated,
    settled,
)
from services.moderation.handlers.fields import (
    OTHER_WORK_FIELD,
    RATIONALE_FIELD,
    REASON_FIELD,
    RETURN_FIELD,
)
from services.moderation.handlers.opening import NotYoursError, Opening
from services.moderation.handlers.views import (
    ComparedCase,
    Decision,
    LeadCase,
    Marks,
    Rationale,
)
from services.moderation.handlers.words import HeldCase, Shown
from shared.contracts.feedback import FEEDBACK_FIELD, Feedback
from shared.crypto import Grant, Purpose, Vault
from shared.personal import Erased, Personal

LEAD_GRANT = Grant(role="lead_moderator", purpose=Purpose.MODERATE)
MODERATOR_GRANT = Grant(role="moderator", purpose=Purpose.MODERATE)


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows cases to moderators and to the lead."""

    opening: Opening
    vault: Vault

    async def case(self, shown: Shown) -> HeldCase | ComparedCase:
        """Return the case as its moderator may see it now.

        Raises:
            NotYoursError: they neither hold it nor have judged it.
        """
        state = await self.opening.fold(shown)
        last = moderated(state)
        if last is None:
            raise NotYoursError
        mine = [each for each in last.blind if each.moderator_id == shown.person_id]
        if mine:
            return await self._compared(mine[0], last, state)
        return held_case(await self.opening.held(shown), shown)

    async def lead_case(self, shown: Shown) -> LeadCase:
        """Return everything about a case that was referred to the lead.

        Raises:
            NotYoursError: it was not drawn, or is still judged blind.
            NotALeadError, NotIndependentError: this lead has another part in it.
        """
        state = await self.opening.fold(shown)
        return await self._for_the_lead(await self._compared_of(state, shown), state)

    async def compared(self, shown: Shown) -> Moderating:
        """Return a case of which a lead may read both sides. Errors as `lead_case`."""
        return await self._compared_of(await self.opening.fold(shown), shown)

    async def _compared_of(self, state: Case, shown: Shown) -> Moderating:
        last = moderated(state)
        if last is None or _is_judged_blind(state):
            raise NotYoursError
        require_lead(await self.opening.colleague(shown), last)
        return last

    async def _compared(
        self, mine: BlindJudgementRecorded, last: Moderating, state: Case
    ) -> ComparedCase:
        (words,) = await self._rationales((mine,), MODERATOR_GRANT)
        judged = last.judged
        done = settled(state)
        text = await self._open(judged.feedback, FEEDBACK_FIELD) if done else None
        return ComparedCase(
            case_id=judged.case_id,
            attempt=judged.attempt,
            cohort_id=judged.cohort_id,
            programme=judged.programme,
            mine=Marks.of_moderator(mine, words),
            reviewer=Marks(levels=judged.levels, outcome=judged.outcome),
            outcome=done.outcome if done else None,
            feedback=None if text is None else Feedback.from_text(text),
        )

    async def _for_the_lead(self, last: Moderating, state: Case) -> LeadCase:
        judged, done = last.judged, settled(state)
        words = await self._rationales(last.blind, LEAD_GRANT)
        text = await self._open(judged.feedback, FEEDBACK_FIELD)
        return LeadCase(
            case_id=judged.case_id,
            attempt=judged.attempt,
            cohort_id=judged.cohort_id,
            programme=judged.programme,
            snapshot_sha256=judged.snapshot_sha256,
            reviewer_id=judged.reviewer_id,
            reviewer=Marks(levels=judged.levels, outcome=judged.outcome),
            feedback=None if text is None else Feedback.from_text(text),
            moderators={
                each.moderator_id: Marks.of_moderator(each, said)
                for each, said in zip(last.blind, words, strict=True)
            },
            decision=await self._decision(done) if done else None,
            is_released=is_told(state),
            returned_because=await self._returned(last),
        )

    async def _returned(self, last: Moderating) -> str | None:
        order = last.returned
        return await self._open(order.reason if order else None, RETURN_FIELD)

    async def _decision(self, done: Settled) -> Decision:
        decision = done.decision
        other = getattr(decision, "other_work_reason", None)
        return Decision(
            outcome=done.outcome,
            decided_by=decision.decided_by,
            reason=await self._open(decision.reason, REASON_FIELD),
            other_work=getattr(decision, "other_work", None),
            other_work_reason=await self._open(other, OTHER_WORK_FIELD),
        )

    async def _rationales(
        self, judgements: Sequence[BlindJudgementRecorded], grant: Grant
    ) -> tuple[Rationale | None, ...]:
        opened = await self.vault.open_all(
            tuple(each.rationale for each in judgements),
            str,
            field=RATIONALE_FIELD,
            grant=grant,
        )
        return tuple(
            None if isinstance(text, Erased) else Rationale.model_validate_json(text)
            for text in opened
        )

    async def _open(self, envelope: Personal[str] | None, field: str) -> str | None:
        if envelope is None:
            return None
        text = await self.vault.open(envelope, str, field=field, grant=LEAD_GRANT)
        return None if isinstance(text, Erased) else text


def held_case(state: Moderating, shown: Shown) -> HeldCase:
    """Return the case as its holder sees it before judging.

    Raises:
        NotYoursError: nobody holds it.
    """
    judged, hold = state.judged, state.hold
    if hold is None:
        raise NotYoursError(case_id=shown.case_id)
    return HeldCase(
        case_id=judged.case_id,
        attempt=judged.attempt,
        cohort_id=judged.cohort_id,
        programme=judged.programme,
        role_context=judged.role_context,
        snapshot_sha256=judged.snapshot_sha256,
        token=hold.token,
        lease_ends_at=hold.expires_at,
    )


def _is_judged_blind(state: Case) -> bool:
    return isinstance(state, Moderating) and state.stage in {"first", "second"}
