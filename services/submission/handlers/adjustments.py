"""Reasonable adjustments: asked for, agreed or declined, and who may know of them."""

from dataclasses import dataclass
from datetime import date

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
from services.submission.handlers.owning import Item, Who, own_state, participant_of
from services.submission.handlers.reading import Words
from shared.handling import Handled, Handling, Loader, Step
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
    words: Words

    async def ask(self, item: Item, details: str) -> Handled:
        """Say what is needed, at least a month before the start. Source: S2 3.1.1.

        Raises:
            NotEnrolledError: there is no such case or application, or not for them.
            AdjustmentTooLateError, CaseEndedError: see the decider.
        """
        sealed = await self.words.seal(item, details, field=ADJUSTMENT)

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = own_state(await loader.state(case, item.stream), item.who)
            found = await running_cohort(loader, _cohort_of(state))
            policy = programme_of(found.opening).policy.adjustments
            command = AskForAdjustment(
                adjustment_id=item.item_id,
                asked_by=item.who.person_id,
                details=sealed,
                starts_on=found.opening.starts_on,
                months_before=policy.ask_months_before_start.value,
                at=item.at,
            )
            return (Step(case, item.stream, command),)

        return await self.handling.plan(item.answering(201, "adjustment_id"), build)

    async def agree(self, item: Item, agreement: Agreement) -> Handled:
        """Grant an adjustment: clocks follow it from now on.

        Raises:
            NotEnrolledError: there is no such case.
            AdjustmentUnknownError, AdjustmentAgreedDifferentlyError: see the decider.
        """
        command = AgreeAdjustment(
            adjustment_id=item.item_id,
            extra_days=agreement.extra_days,
            viva=agreement.viva,
            until=agreement.until,
            agreed_by=item.who.person_id,
            details=await self.words.seal(item, agreement.details, field=ADJUSTMENT),
            at=item.at,
        )
        cause = item.answering(200, "adjustment_id")
        return await self.handling(cause, Step(case, item.stream, command))

    async def decline(self, item: Item, details: str) -> Handled:
        """Say that an adjustment is not agreed, and why: the participant reads it.

        Raises:
            NotEnrolledError: there is no such case.
            AdjustmentUnknownError, AdjustmentAgreedDifferentlyError: see the decider.
        """
        command = DeclineAdjustment(
            adjustment_id=item.item_id,
            declined_by=item.who.person_id,
            details=await self.words.seal(item, details, field=ADJUSTMENT),
            at=item.at,
        )
        cause = item.answering(200, "adjustment_id")
        return await self.handling(cause, Step(case, item.stream, command))

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
