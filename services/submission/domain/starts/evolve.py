"""How facts add up to the cohorts that start in one year."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from services.submission.domain.starts.events import StartsEvent

Starts: TypeAlias = Mapping[str, date]
"""First days, by cohort."""

INITIAL: Starts = MappingProxyType({})


def evolve(state: Starts, event: StartsEvent) -> Starts:
    """Return the cohorts as they are known after *event*."""
    return {**state, event.cohort_id: event.starts_on}
