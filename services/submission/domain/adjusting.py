"""Reasonable adjustments: asked for in time, agreed in closed words, applied by rule.

What was declined may be agreed later, in the participant's favour; what was agreed is
never taken back (P).

Source: S2 3.1.1 and 6.2.2.
"""

from datetime import date, datetime
from typing import assert_never

from services.submission.domain.commands import (
    AdjustmentCommand,
    AgreeAdjustment,
    AskForAdjustment,
    DeclineAdjustment,
    MoveDeadline,
)
from services.submission.domain.deadlines import months_before
from services.submission.domain.events import (
    AdjustmentAgreed,
    AdjustmentAsked,
    AdjustmentDeclined,
)
from services.submission.domain.states import Case, NotEnrolled, course_of
from services.submission.domain.submitting import NotEnrolledError, refuse_ended
from shared.carrying import carry
from shared.errors import BadInputError, NotFoundError, RuleViolatedError
from shared.london import london_day


class AdjustmentTooLateError(RuleViolatedError):
    """An adjustment is asked for before the programme starts: talk to the office."""


class AdjustmentUnknownError(NotFoundError):
    """There is no such adjustment to be agreed: let it be asked for first."""


class AdjustmentAgreedDifferentlyError(RuleViolatedError):
    """Something else was agreed already: let another adjustment be asked for."""


class AdjustmentEmptyError(BadInputError):
    """An adjustment gives days to each clock once, or arranges something."""


def adjusting(
    command: AdjustmentCommand, state: Case
) -> tuple[AdjustmentAsked | AdjustmentAgreed | AdjustmentDeclined, ...]:
    """Return what is asked for, agreed or declined; empty when it is so already.

    Raises:
        NotEnrolledError: there is no such case, or application.
        CaseEndedError: nothing more can be arranged.
        AdjustmentTooLateError: asked for too near to the start.
        AdjustmentUnknownError, AdjustmentAgreedDifferentlyError, AdjustmentEmptyError.
    """
    if isinstance(state, NotEnrolled):
        raise NotEnrolledError
    refuse_ended(state)
    match command:
        case AskForAdjustment():
            return _ask(command, state)
        case AgreeAdjustment():
            return _agree(command, state)
        case DeclineAdjustment():
            return _decline(command, state)
        case _:
            assert_never(command)


def last_day_to_ask(starts_on: date, months: int) -> date:
    """Return the last day: at least *months* before the programme starts."""
    return months_before(starts_on, months)


def refuse_unasked(command: MoveDeadline, state: Case) -> None:
    """Accept more time by hand where an adjustment was asked for, so in time.

    Source: S2 3.1.1: whoever grants it, nothing is agreed that was asked for too late.

    Raises:
        AdjustmentTooLateError: nothing was asked for, and now it is too late to.
        AdjustmentUnknownError: nothing was asked for yet, or it was declined.
    """
    adjustments = course_of(state).adjustments
    if any(each.agreed or not each.declined for each in adjustments.values()):
        return
    if not adjustments:
        _refuse_late(command.starts_on, command.months_before, command.at)
    raise AdjustmentUnknownError


def _refuse_late(starts_on: date, months: int, at: datetime) -> None:
    last_day = last_day_to_ask(starts_on, months)
    if london_day(at) > last_day:
        raise AdjustmentTooLateError(last_day=last_day.isoformat())


def _ask(command: AskForAdjustment, state: Case) -> tuple[AdjustmentAsked, ...]:
    if command.adjustment_id in course_of(state).adjustments:
        return ()
    _refuse_late(command.starts_on, command.months_before, command.at)
    return (carry(command, AdjustmentAsked, occurred_at=command.at),)


def _agree(command: AgreeAdjustment, state: Case) -> tuple[AdjustmentAgreed, ...]:
    found = course_of(state).adjustments.get(command.adjustment_id)
    if found is None:
        raise AdjustmentUnknownError(adjustment_id=command.adjustment_id)
    clocks = [each.clock for each in command.extra_days]
    if len(set(clocks)) != len(clocks) or not (clocks or command.viva):
        raise AdjustmentEmptyError
    if found.agreed is not None:
        agreed, asked = found.agreed, (command.extra_days, command.viva, command.until)
        if (agreed.extra_days, agreed.viva, agreed.until) == asked:
            return ()
        raise AdjustmentAgreedDifferentlyError(adjustment_id=command.adjustment_id)
    return (carry(command, AdjustmentAgreed, occurred_at=command.at),)


def _decline(command: DeclineAdjustment, state: Case) -> tuple[AdjustmentDeclined, ...]:
    found = course_of(state).adjustments.get(command.adjustment_id)
    if found is None:
        raise AdjustmentUnknownError(adjustment_id=command.adjustment_id)
    if found.agreed is not None:
        raise AdjustmentAgreedDifferentlyError(adjustment_id=command.adjustment_id)
    if found.declined is not None:
        return ()
    return (carry(command, AdjustmentDeclined, occurred_at=command.at),)
