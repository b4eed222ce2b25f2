"""What somebody can ask of an address."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAddress:
    """Reserve the address for one person."""

    person_id: str
    at: datetime


AddressCommand: TypeAlias = ClaimAddress
