"""What the policy of a case allows, as it was when its portfolio was handed in.

Terms are recorded with the case, so that a later programme file, or another list of
bank holidays, never re-interprets it. Source: domain.md section 2.
"""

from typing import Annotated

from pydantic import Field

from services.appeals.domain.working_days import Calendar
from shared.decider import Value

_Days = Annotated[int, Field(gt=0)]


class Terms(Value):
    """Clocks in working days, grounds and panel of one programme and policy."""

    programme: str
    programme_version: str
    policy_version: str
    ask_explanation_working_days: _Days
    """After the release. Source: AP 4.1."""
    give_explanation_working_days: _Days
    """After the request. Source: AP 4.2."""
    lodge_working_days: _Days
    """After the explanation. Source: AP 4.3."""
    answer_about_support_working_days: _Days
    """For the written response. Source: S2 9.1."""
    panel_members: Annotated[int, Field(gt=0)]
    conversation_minutes: Annotated[int, Field(gt=0)]
    """Source: S2 6.2.1, S0."""
    grounds: tuple[str, ...]
    """Keys of the closed list. Source: AP 4.4."""
    calendar: Calendar
