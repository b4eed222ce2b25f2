"""Reasonable adjustments: asked for in time, agreed in closed words, applied by rule.

Source: S2 3.1.1 and 6.2.2.
"""

from datetime import date
from typing import assert_never

from services.submission.domain.closing import day_of
from services.submission.domain.commands import (
    AdjustmentCommand,
    AgreeAdjustment,
    AskForAdjustment,
)
from services.submission.domain.deadlines import months_before
from services.submission.domain.events import AdjustmentAgreed, AdjustmentAsked
from services.submission.domain.states import Case, NotEnrolled, course_of
from services.submission.domain.submitting import NotEnrolledError, refuse_ended
from shared.errors import BadInputError, NotFoundError, RuleViolatedError


class AdjustmentTooLateError(RuleViolatedError):
    """An adjustment is asked for before the programme starts: talk to the office."""


class AdjustmentUnknownError(NotFoundError):
    """Nobody has asked for this adjustment."""


class AdjustmentAgreedDifferentlyError(RuleViolatedError):
    """Something else was agreed already: let another adjustment be asked for."""


class AdjustmentEmptyError(BadInputError):
    """An adjustment gives days to each clock once, or arranges something."""


def adjusting(
    command: AdjustmentCommand, state: Case
) -> tuple[AdjustmentAsked | AdjustmentAgreed, ...]:
    """Return what is asked for or agreed; empty when it is so already.

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
        case _:
            assert_never(command)


def last_day_to_ask(starts_on: date, months: int) -> date:
    """Return the last day: at least *months* before the programme starts."""
    return months_before(starts_on, months)


def _ask(command: AskForAdjustment, state: Case) -> tuple[AdjustmentAsked, ...]:
    if command.adjustment_id in course_of(state).adjustments:
        return ()
    last_day = last_day_to_ask(command.starts_on, command.months_before)
    if day_of(command.at) > last_day:
        raise AdjustmentTooLateError(last_day=last_day.isoformat())
    return (
        AdjustmentAsked(
            adjustment_id=command.adjustment_id,
            asked_by=command.asked_by,
            details=command.details,
            occurred_at=command.at,
        ),
    )


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
    return (
        AdjustmentAgreed(
            adjustment_id=command.adjustment_id,
            extra_days=command.extra_days,
            viva=command.viva,
            until=command.until,
            agreed_by=command.agreed_by,
            details=command.details,
            occurred_at=command.at,
        ),
    )
