"""Blocks of judgements with one hidden pick each, through changes of their size.

Invariant: a block once begun stays as it is. A reviewer whose standing changes gets
blocks of another size from the next block on, so that each has exactly one pick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

SizeChange: TypeAlias = tuple[int, int]
"""From which number of a judgement on, and how many make a block that begins there."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where a judgement stands among the blocks of its reviewer."""

    number: int
    """From 0, counted through all sizes."""
    place: int
    """From 0."""
    size: int


def block_of(
    ordinal: int,
    *,
    first_judgements: int,
    block_size: int,
    changes: Sequence[SizeChange] = (),
) -> Block | None:
    """Return the block of a reviewer's judgement number *ordinal*, from 1.

    None before the first block. *changes* in order; *block_size* until the first.
    """
    start, number = first_judgements + 1, 0
    while start <= ordinal:
        sizes = [size for since, size in changes if since <= start]
        size = sizes[-1] if sizes else block_size
        if ordinal < start + size:
            return Block(number, ordinal - start, size)
        start, number = start + size, number + 1
    return None
