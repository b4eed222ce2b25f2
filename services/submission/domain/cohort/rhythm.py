"""How often a programme begins: in which months, and how many times a year.

An operator may open another cohort all the same, and says why. Source: domain.md
section 2 (cohort rules), S0 for one a year in October.
"""

from services.submission.domain.cohort.commands import OpenCohort
from shared.errors import RuleViolatedError


class OutsideStartMonthsError(RuleViolatedError):
    """This programme starts in other months: choose one of them, or say ``because``."""


class YearIsFullError(RuleViolatedError):
    """This year has every cohort of this programme: choose another, or ``because``."""


def keeps_rhythm(command: OpenCohort) -> bool:
    """Tell whether the cohort starts when its programme does; True if that is free.

    Raises:
        OutsideStartMonthsError: in another month, and nothing says why.
        YearIsFullError: one more in its year, and nothing says why.
    """
    rhythm, starts_on = command.rhythm, command.starts_on
    if rhythm is None:
        return True
    if starts_on.month not in rhythm.start_months:
        if command.because is None:
            raise OutsideStartMonthsError(
                starts_on=starts_on.isoformat(), start_months=list(rhythm.start_months)
            )
        return False
    others = sorted(command.others)
    if len(others) >= rhythm.per_year:
        if command.because is None:
            raise YearIsFullError(
                year=starts_on.year, per_year=rhythm.per_year, cohorts=others
            )
        return False
    return True
