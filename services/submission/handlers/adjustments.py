"""Reasonable adjustments: asked for, agreed or declined, and who may know of them."""

from dataclasses import dataclass
from datetime import date, datetime

from services.submission.domain.commands import (
    AgreeAdjustment,
    AskForAdjustment,
    DeclineAdjustment,
)
from services.submission.domain.course import Adjustment
from services.submission.domain.decide import case
from services.submission.domain.events import ExtraDays, VivaArrangement
from services.submission.domain.states import Applied, Case, Ended, course_of
from services.submission.domain.submitting import enrolled
from services.submission.handlers.cases import running_cohort
from services.submission.handlers.owning import Who, own_state, participant_of
from services.submission.handlers.reading import Words
from shared.crypto import Vault
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.programmes import programme_of

ADJUSTMENT = "office.adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What is agreed, in words that clocks and panels can follow."""

    extra_days: tuple[ExtraDays, ...]
    viva: tuple[VivaArrangement, ...]
    until: date
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAdjustment:
    """An adjustment in clear, for the participant or the office."""

    adjustment: Adjustment
    asked: str | None
    agreed: str | None
    declined: str | None


@dataclass(frozen=True, slots=True)
class Adjustments:
    """The write side of adjustments, and the one opening of their details."""

    handling: Handling
    vault: Vault
    words: Words

    async def ask(
        self,
        case_id: str,
        adjustment_id: str,
        details: str,
        *,
        who: Who,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Say what is needed, at least a month before the start. Source: S2 3.1.1.

        Raises:
            NotEnrolledError: there is no such case or application, or not for *who*.
            AdjustmentTooLateError, CaseEndedError: see the decider.
        """
        _, known = await self.handling.fold(case, f"case-{case_id}")
        whose = participant_of(own_state(known, who))
        sealed = await self.vault.seal(whose, details, field=ADJUSTMENT)

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = own_state(await loader.state(case, f"case-{case_id}"), who)
            found = await running_cohort(loader, _cohort_of(state))
            policy = programme_of(found.opening).policy.adjustments
            command = AskForAdjustment(
                adjustment_id=adjustment_id,
                asked_by=who.person_id,
                details=sealed,
                starts_on=found.opening.starts_on,
                months_before=policy.ask_months_before_start.value,
                at=at,
            )
            return (Step(case, f"case-{case_id}", command),)

        ids: Ids = {"case_id": case_id, "adjustment_id": adjustment_id}
        return await self.handling.plan(cause.answer(201, ids), build)

    async def agree(
        self,
        case_id: str,
        adjustment_id: str,
        agreement: Agreement,
        *,
        who: Who,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Grant an adjustment: clocks follow it from now on.

        Raises:
            NotEnrolledError: there is no such case.
            AdjustmentUnknownError, AdjustmentAgreedDifferentlyError: see the decider.
        """
        _, known = await self.handling.fold(case, f"case-{case_id}")
        whose = participant_of(known)
        command = AgreeAdjustment(
            adjustment_id=adjustment_id,
            extra_days=agreement.extra_days,
            viva=agreement.viva,
            until=agreement.until,
            agreed_by=who.person_id,
            details=await self.vault.seal(whose, agreement.details, field=ADJUSTMENT),
            at=at,
        )
        ids: Ids = {"case_id": case_id, "adjustment_id": adjustment_id}
        step = Step(case, f"case-{case_id}", command)
        return await self.handling(cause.answer(200, ids), step)

    async def decline(
        self,
        case_id: str,
        adjustment_id: str,
        details: str,
        *,
        who: Who,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Say that an adjustment is not agreed, and why: the participant reads it.

        Raises:
            NotEnrolledError: there is no such case.
            AdjustmentUnknownError, AdjustmentAgreedDifferentlyError: see the decider.
        """
        _, known = await self.handling.fold(case, f"case-{case_id}")
        whose = participant_of(known)
        command = DeclineAdjustment(
            adjustment_id=adjustment_id,
            declined_by=who.person_id,
            details=await self.vault.seal(whose, details, field=ADJUSTMENT),
            at=at,
        )
        ids: Ids = {"case_id": case_id, "adjustment_id": adjustment_id}
        step = Step(case, f"case-{case_id}", command)
        return await self.handling(cause.answer(200, ids), step)

    async def read(
        self, case_id: str, *, who: Who, reason: str | None
    ) -> tuple[ReadAdjustment, ...]:
        """Return every adjustment of a case, in clear.

        Raises:
            NotEnrolledError: there is no such case, or not for *who*.
            ReasonMissingError: staff read without saying why.
        """
        _, state = await self.handling.fold(case, f"case-{case_id}")
        found = tuple(course_of(own_state(state, who)).adjustments.values())
        sealed = [each.asked.details for each in found]
        sealed += [each.agreed.details for each in found if each.agreed]
        sealed += [each.declined.details for each in found if each.declined]
        texts = iter(
            await self.words.read(
                case_id, sealed, field=ADJUSTMENT, who=who, reason=reason
            )
        )
        asked = [next(texts) for _ in found]
        agreed = [next(texts) if each.agreed else None for each in found]
        declined = [next(texts) if each.declined else None for each in found]
        told = zip(found, asked, agreed, declined, strict=True)
        return tuple(
            ReadAdjustment(adjustment=one, asked=said, agreed=granted, declined=why)
            for one, said, granted, why in told
        )

    async def arrangements(self, case_id: str, on: date) -> tuple[VivaArrangement, ...]:
        """Return what a viva on the day *on* has to provide; never why.

        Raises:
            NotEnrolledError: there is no such case.
        """
        _, state = await self.handling.fold(case, f"case-{case_id}")
        participant_of(state)
        found = {
            each
            for one in course_of(state).adjustments.values()
            if one.agreed is not None and on <= one.agreed.until
            for each in one.agreed.viva
        }
        return tuple(sorted(found))


def _cohort_of(state: Case) -> str:
    before = state.before if isinstance(state, Ended) else state
    if isinstance(before, Applied):
        return before.application.cohort_id
    return enrolled(before).enrolment.cohort_id
