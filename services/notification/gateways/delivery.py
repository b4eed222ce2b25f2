"""What became of a letter that was handed over. Codes only, never a server's words."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took responsibility for the letter."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The server did not take it, now or (*is_permanent*) for good."""

    reason: str
    """``smtp-450``: the code alone; ``protocol``: it lacks what the letter needs."""
    is_permanent: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The line broke, or no answer came, after the content may have been sent."""

    reason: str = "uncertain"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No conversation came about; the letter was not sent."""

    reason: str
    """``connection``, or ``protocol``: it is no mail server, or not a safe one."""


Delivery: TypeAlias = Accepted | Refused | Uncertain | Unreachable
