"""Choices that follow from a seed: the same seed chooses the same, everywhere."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chooser:
    """Chooses again and again; each choice depends on the seed and on its place."""

    def __init__(self, seed: int) -> None:
        """Begin with the first choice of *seed*."""
        self._seed = seed
        self._made = 0

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from *low* to *high*, both included."""
        self._made += 1
        digest = hashlib.sha256(f"{self._seed}:{self._made}".encode()).digest()
        return low + int.from_bytes(digest[:8]) % (high - low + 1)

    def one(self, choices: Sequence[T]) -> T:
        """Return one of *choices*."""
        return choices[self.whole(0, len(choices) - 1)]

    def several(self, choices: Sequence[T], count: int) -> tuple[T, ...]:
        """Return *count* different ones of *choices*."""
        left = list(choices)
        return tuple(left.pop(self.whole(0, len(left) - 1)) for _ in range(count))
