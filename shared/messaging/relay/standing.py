"""Where a relay stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.messaging.envelope import Outgoing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From one position to the next: everything public between them is confirmed."""

    after: int
    """The position that was stored last."""
    position: int
    sent: Sequence[Outgoing] = ()
    confirmed: Sequence[ConfirmedRecord] = ()
    """The last record of each partition that got any."""
    signals: Collection[str] = ()
    """Sent to whoever waits for them, once the step is stored."""
