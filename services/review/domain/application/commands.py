"""What can be asked of the application of a preview."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.review.domain.allocation.plan import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginApplication:
    """Set down what is to be given to whom, before the first review is given."""

    based_on: str
    by: str
    given: tuple[Given, ...]
    at: datetime


ApplicationCommand: TypeAlias = BeginApplication
