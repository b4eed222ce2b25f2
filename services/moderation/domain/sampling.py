"""The verifiable sampler ``mod-sampler/1``: a committed key decides, integers only.

Invariant: a ticket depends on the secret key, the public randomness, the plan and the
id alone. Nobody who lacks the key can foresee it, nobody who holds the key chose it,
and anybody can derive it again once the key is revealed.
Source: statistics.md 2.9, with its test vectors.
"""

import hashlib
import hmac
from collections.abc import Iterable

SAMPLER = "mod-sampler/1"

PARTS_PER_MILLION = 1_000_000

KEY_BYTES = 32
"""Length of the secret key. Source: statistics.md 2.9, step 1."""

_TICKET_BITS = 256


class RepeatedIdError(ValueError):
    """A population names one id twice."""


def joined(*parts: str | bytes) -> bytes:
    """Return *parts* as bytes that no other parts lead to.

    Each part, text as UTF-8, stands behind its length: four bytes, big-endian.
    """
    encoded = (part.encode() if isinstance(part, str) else part for part in parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def commitment(key: bytes) -> str:
    """Return what is published of the secret *key* before anything is drawn."""
    return hashlib.sha256(joined(SAMPLER, "commit", key)).hexdigest()


def population_root(ids: Iterable[str]) -> str:
    """Return the digest of a whole population, whatever the order of its ids.

    Raises:
        RepeatedIdError: an id occurs twice.
    """
    ordered = sorted(ids, key=str.encode)
    if len(set(ordered)) != len(ordered):
        raise RepeatedIdError
    return hashlib.sha256(joined(SAMPLER, "population", *ordered)).hexdigest()


def seed_of(key: bytes, *, beacon: str, plan_hash: str) -> bytes:
    """Return the 32 bytes from which all tickets under one plan derive."""
    return _keyed(key, SAMPLER, "seed", beacon, plan_hash)


def ticket_of(seed: bytes, label: str, item: str) -> int:
    """Return the ticket of *item*: an integer of 256 bits, the same for ever."""
    return int.from_bytes(_keyed(seed, SAMPLER, "ticket", label, item), "big")


def is_below(ticket: int, *, numerator: int, denominator: int) -> bool:
    """Tell whether *ticket*, read as a fraction of 2**256, is below the quotient.

    Exact integers, so that every machine decides alike.
    """
    return ticket * denominator < numerator << _TICKET_BITS


def poisson_selects(ticket: int, *, probability_ppm: int) -> bool:
    """Tell whether an independent draw at *probability_ppm* selects the ticket.

    A higher probability only adds tickets and never swaps them.
    """
    return is_below(ticket, numerator=probability_ppm, denominator=PARTS_PER_MILLION)


def smallest_tickets(
    seed: bytes, label: str, ids: Iterable[str], *, count: int
) -> list[str]:
    """Return the *count* ids with the smallest tickets; ties by id.

    Asking for more extends the list at its end.
    """
    ordered = sorted(
        ids, key=lambda each: (ticket_of(seed, label, each), each.encode())
    )
    return ordered[:count]


def block_position(seed: bytes, reviewer: str, *, block: int, block_size: int) -> int:
    """Return the hidden position in a block, from 0; each is equally likely.

    Values at the uneven end of the range are rejected and drawn again.
    """
    range_size = 1 << _TICKET_BITS
    even_end = range_size - range_size % block_size
    value, counter = even_end, 0
    while value >= even_end:
        names = ("block", reviewer, str(block), str(counter))
        value = int.from_bytes(_keyed(seed, SAMPLER, *names), "big")
        counter += 1
    return value % block_size


def _keyed(key: bytes, *parts: str) -> bytes:
    return hmac.new(key, joined(*parts), hashlib.sha256).digest()
