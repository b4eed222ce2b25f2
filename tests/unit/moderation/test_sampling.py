"""The sampler gives the published numbers, and decides in exact integers."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from services.moderation.domain.sampling import (
    RepeatedIdError,
    block_position,
    commitment,
    is_below,
    joined,
    poisson_selects,
    population_root,
    seed_of,
    smallest_tickets,
    ticket_of,
)

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)
KEY = bytes.fromhex(VECTORS["K"])
SEED = seed_of(KEY, beacon=VECTORS["beacon"], plan_hash=VECTORS["plan_hash"])
IDS = [f"J-{number:04d}" for number in range(1, 101)]


class TestVectors:
    """Source: statistics.md 2.9, "Vectors"."""

    def test_commitment(self) -> None:
        assert commitment(KEY) == VECTORS["commit"]

    def test_seed(self) -> None:
        assert SEED.hex() == VECTORS["seed"]

    def test_population(self) -> None:
        assert population_root(reversed(IDS)) == VECTORS["pop_root"]

    def test_ticket(self) -> None:
        assert f"{ticket_of(SEED, 'srs', 'J-0001'):064x}" == VECTORS["ticket_J0001"]

    def test_smallest_tickets(self) -> None:
        assert smallest_tickets(SEED, "srs", IDS, count=10) == VECTORS["bottom_10"]

    @pytest.mark.parametrize(("percent", "name"), [(10, "10pct"), (25, "25pct")])
    def test_independent_draws(self, percent: int, name: str) -> None:
        tickets = {each: ticket_of(SEED, "srs", each) for each in IDS}
        ppm = percent * 10_000
        selected = [
            each
            for each, ticket in tickets.items()
            if poisson_selects(ticket, probability_ppm=ppm)
        ]
        assert selected == VECTORS[f"poisson_{name}"]

    def test_block_positions(self) -> None:
        found = [block_position(SEED, "R7", block=n, block_size=10) for n in range(10)]
        assert found == VECTORS["block_positions_R7"]


class TestSampler:
    def test_extends_a_fixed_sample_at_its_end(self) -> None:
        """Source: statistics.md 2.9, step 3, "prefix property"."""
        ten = smallest_tickets(SEED, "srs", IDS, count=10)
        assert smallest_tickets(SEED, "srs", IDS, count=15)[:10] == ten

    def test_only_adds_when_the_probability_rises(self) -> None:
        """Source: statistics.md 2.6, permanent random numbers."""
        assert set(VECTORS["poisson_10pct"]) <= set(VECTORS["poisson_25pct"])

    def test_keeps_parts_apart_that_would_join_to_the_same_text(self) -> None:
        assert joined("ab", "c") != joined("a", "bc")

    def test_refuses_a_population_with_a_repeated_id(self) -> None:
        with pytest.raises(RepeatedIdError):
            population_root(["J-1", "J-1"])

    def test_never_selects_at_zero_and_always_at_one(self) -> None:
        largest = 2**256 - 1
        assert not poisson_selects(0, probability_ppm=0)
        assert poisson_selects(largest, probability_ppm=1_000_000)

    def test_decides_exactly_at_the_boundary(self) -> None:
        quarter = 2**254
        assert is_below(quarter - 1, numerator=1, denominator=4)
        assert not is_below(quarter, numerator=1, denominator=4)

    def test_hides_block_positions_evenly(self) -> None:
        """Chi-square with 9 degrees of freedom stays below its 0.999 point, 27.9."""
        places = Counter(
            block_position(SEED, f"R{n % 50}", block=n // 50, block_size=10)
            for n in range(5_000)
        )
        assert sum((places[k] - 500) ** 2 / 500 for k in range(10)) < 27.9
