"""Who has no time yet, while a round can soon no longer be chosen.

At or before each mark of the policy, never "exactly on" it, so that none is missed; of
several that are due at once only the last is worth a letter. Source: domain.md section
3 (P, as for a resubmission) and section 5, "reminders".
"""

from datetime import date, timedelta

from services.viva.domain.booking import fits
from services.viva.domain.commands import Remind
from services.viva.domain.days import closes_on
from services.viva.domain.events import ReminderDue
from services.viva.domain.evolve import Case, Waiting
from services.viva.domain.situations import subject
from shared.carrying import carry
from shared.london import london_day

QUIET_DAYS = 5
"""Between reminders about two rounds: as long as between the last two of one (P)."""


def remind(command: Remind, case: Case) -> tuple[ReminderDue, ...]:
    """Return the reminder that is due now; empty when none is.

    Nobody is reminded of what they heard of on the same day.
    """
    state, today = case.situation, london_day(command.at)
    if not isinstance(state, Waiting) or state.booking or case.known.is_on_hold:
        return ()
    last_day = _last_day(command, case)
    if last_day is None or last_day < today or _is_news(command, case):
        return ()
    days_left = (last_day - today).days
    before = case.known.reminded.get((state.number, command.round_id))
    reminded = before.mark_days if before else None
    mark = due_mark(days_left, command.terms.reminder_days, reminded)
    if mark is None or _is_repetition(command, case):
        return ()
    fact = carry(
        subject(case),
        ReminderDue,
        number=state.number,
        round_id=command.round_id,
        closes_on=last_day,
        days_left=days_left,
        mark_days=mark,
        occurred_at=command.at,
    )
    return (fact,)


def due_mark(
    days_left: int, marks_days: tuple[int, ...], reminded: int | None
) -> int | None:
    """Return the reminder that is due with so many days left, or None."""
    mark = min((mark for mark in marks_days if days_left <= mark), default=None)
    if mark is None or (reminded is not None and reminded <= mark):
        return None
    return mark


def _last_day(command: Remind, case: Case) -> date | None:
    """Return the last day on which a time that fits can be chosen, or None."""
    days = command.terms.book_until_days
    return max(
        (
            closes_on(each.starts_at, days=days)
            for each in command.places
            if fits(each, case)
        ),
        default=None,
    )


def _is_repetition(command: Remind, case: Case) -> bool:
    """Tell whether the same was said a moment ago, about another round."""
    return any(
        each.round_id != command.round_id
        and command.at < each.occurred_at + timedelta(days=QUIET_DAYS)
        for each in case.known.reminded.values()
    )


def _is_news(command: Remind, case: Case) -> bool:
    told = max(case.known.offered_at or command.at, command.opened_at)
    return london_day(command.at) <= london_day(told)
