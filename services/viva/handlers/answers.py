"""What is answered from folds, where a read model would not do."""

from dataclasses import dataclass

from services.viva.handlers.confirming import Confirming
from services.viva.handlers.opening import Opening


@dataclass(frozen=True, slots=True)
class Answers:
    """To a panel that reads, and to notification that asks."""

    opening: Opening
    confirming: Confirming
