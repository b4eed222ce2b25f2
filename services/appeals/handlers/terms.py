"""What the programme file and the calendar say, as facts of a case keep it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

import holidays

from services.appeals.domain.terms import Terms
from services.appeals.domain.working_days import Calendar
from shared.contracts.programme import version_order
from shared.programmes import Pinned, programme_of

YEARS_COVERED: Final = 10
"""From the year of the policy: longer than a case lives, holds included (P)."""

_CALENDARS: Final[Mapping[str, tuple[str, str]]] = {"england": ("GB", "ENG")}
"""Country and subdivision of each calendar a policy can name. Source: ISO 3166."""


def terms_of(pinned: Pinned) -> Terms:
    """Return the terms of the versions that a case pinned.

    Raises:
        UnknownProgrammeError, UnknownProgrammeVersionError: the file is gone.
    """
    policy = programme_of(pinned).policy
    appeal = policy.appeal
    year, _ = version_order(policy.policy_version)
    return Terms(
        programme=pinned.programme,
        programme_version=pinned.programme_version,
        policy_version=pinned.policy_version,
        ask_explanation_working_days=appeal.ask_explanation_working_days.value,
        give_explanation_working_days=appeal.give_explanation_working_days.value,
        lodge_working_days=appeal.lodge_working_days.value,
        answer_about_support_working_days=appeal.answer_about_support_working_days.value,
        panel_members=appeal.panel_members.value,
        conversation_minutes=policy.conversation.minutes.value,
        grounds=tuple(each.key for each in appeal.grounds),
        calendar=calendar_of(policy.calendar.working_days.value, year),
    )


@cache
def calendar_of(name: str, first_year: int) -> Calendar:
    """Return the bank holidays of a calendar, from *first_year* on."""
    country, subdivision = _CALENDARS[name]
    years = range(first_year, first_year + YEARS_COVERED)
    found: list[date] = sorted(
        holidays.country_holidays(country, subdiv=subdivision, years=years)
    )
    return Calendar(
        first_year=years[0], last_year=years[-1], bank_holidays=tuple(found)
    )
