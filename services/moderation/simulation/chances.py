"""The luck of a draw: a ticket for every judgement, a hidden place in every block.

What a policy is given is the same for every policy, so that two of them differ by their
rules alone. Source: statistics.md 2.6, permanent random numbers.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.marking import Flags

Whole: TypeAlias = npt.NDArray[np.int64]
Tickets: TypeAlias = npt.NDArray[np.uint32]

_TICKET_BITS = 32
"""With a million parts and blocks of a thousand, products stay below 63 bits."""


@dataclass(frozen=True, slots=True)
class Chances:
    """A row per judgement, a column per reviewer."""

    tickets: Tickets
    places: Tickets
    """A row per block: tickets that say which of its judgements is hidden."""
    seed_tickets: Tickets

    def picks(self, number: int, first_judgements: int, block_size: int) -> Flags:
        """Return whose judgement *number*, from 0, is the hidden one of its block."""
        block, place = divmod(number - first_judgements, block_size)
        hidden = _whole(self.places[max(block, 0)]) * block_size >> _TICKET_BITS
        is_pick: Flags = (hidden == place) & (block >= 0)
        return is_pick

    def drawn(self, number: int, probability_ppm: Whole) -> Flags:
        """Return whose judgement *number* an independent draw selects."""
        ticket = _whole(self.tickets[number]) * PARTS_PER_MILLION
        return ticket < probability_ppm << _TICKET_BITS

    def drawn_beside_a_pick(
        self, number: int, probability_ppm: Whole, block_size: int
    ) -> Flags:
        """Return whose judgement *number* the ticket selects where a block may, too.

        As in ``domain.inclusion``: both together make the probability.
        """
        ticket = _whole(self.tickets[number]) * PARTS_PER_MILLION * (block_size - 1)
        extra: Whole = block_size * probability_ppm - PARTS_PER_MILLION
        return ticket < extra << _TICKET_BITS

    def seeded(self, number: int, probability_ppm: int) -> Flags:
        """Return who gets a seed after judgement *number*."""
        ticket = _whole(self.seed_tickets[number]) * PARTS_PER_MILLION
        return ticket < probability_ppm << _TICKET_BITS


def chances(random: np.random.Generator, *, portfolios: int, reviewers: int) -> Chances:
    """Return the luck of so many reviewers."""
    shape, end = (portfolios, reviewers), 1 << _TICKET_BITS
    return Chances(*(random.integers(0, end, shape, np.uint32) for _ in range(3)))


def _whole(tickets: Tickets) -> Whole:
    return tickets.astype(np.int64)
