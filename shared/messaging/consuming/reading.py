"""How a partition is being read, and how old a record is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from shared.messaging.arrivals import Arrival, Problem
from shared.messaging.consuming.progress import Place
from shared.messaging.envelope import Attributes
from shared.messaging.era import Filling


class Seeker(Protocol):
    """What is needed of the consumer of aiokafka."""

    def seek(self, partition: Any, offset: int) -> None:
        """Read on at *offset*."""


class Age(Enum):
    """How a record relates to the present filling of its topic."""

    OLDER = auto()
    """Of an earlier era, or of another log: of no use."""
    CURRENT = auto()
    LATER = auto()
    """Of an era that the database has not told of yet."""


@dataclass(slots=True)
class Reading:
    """One assigned partition."""

    place: Place
    suspect: bool = False
    """A gap was seen once; the settled place is being read again."""
    waiting: bool = False
    """A gap was seen twice; only a newer era is of use."""
    ahead: bool = False
    """The topic has an era that the database does not know of."""


def chained(arrival: Arrival) -> Attributes | None:
    """Return the attributes of a record that a relay of ours wrote, else None."""
    return None if arrival.problem is Problem.FOREIGN_SOURCE else arrival.attributes


def age_of(arrival: Arrival, fillings: Mapping[str, Filling]) -> Age:
    """Return how *arrival* relates to the present *fillings*, by source."""
    known = chained(arrival)
    if known is None:
        return Age.CURRENT
    filling = fillings.get(known.source)
    if filling is None:
        return Age.LATER
    if known.log != filling.log_id or known.era < filling.era:
        return Age.OLDER
    return Age.LATER if known.era > filling.era else Age.CURRENT
