"""Where a relay stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.messaging.era import Filling


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedRecord:
    """The last record that the broker confirmed in a partition."""

    partition: int
    offset: int
    ce_id: UUID
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a relay that takes over needs to know."""

    position: int
    filling: Filling
    wanted: bool
    confirmed: Mapping[int, ConfirmedRecord]
    previous: Mapping[int, int]
    """By partition: position of the last public message up to *position*."""
