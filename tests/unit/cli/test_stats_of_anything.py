"""Statistics of agreement exist or have a reason, whatever few marks they are of."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from services.cli.stats.agreeing import agreement_of
from services.cli.stats.rated import Rated
from services.moderation.statistics.agreement import of_pairs
from services.moderation.statistics.plain import Plain

SEED = 20261123
ROUNDS = 150
SCALES = (
    (0, 1),
    (0, 1e-7),
    (1, 2, 3, 4),
    (-1, 0, 0.5, 2),
    (1, 2, 100),
    (0.001, 5, 7, 1e12),
)
CHANCES = (1e-9, 1e-6, 0.1, 0.5, 1.0)
SMALL_OR_LARGE = (0, 0, 0, 1, 1, 2, 3, 20, 9_999, 50_000, 10**9)

Draw = np.random.Generator


def some_scale(draw: Draw) -> tuple[float, ...]:
    return SCALES[draw.integers(len(SCALES))]


def some_pairs(draw: Draw) -> Rated:
    scale, number = some_scale(draw), int(draw.integers(0, 7))
    places = draw.integers(0, len(scale), (number, 2))
    pairs = tuple((scale[first], scale[second]) for first, second in places)
    weights = tuple(float(each) for each in draw.choice(CHANCES, number))
    is_weighted = draw.random() < 0.5
    return Rated(scale=scale, pairs=pairs, weights=weights if is_weighted else None)


def some_table(draw: Draw) -> Rated:
    scale = some_scale(draw)
    counts = draw.choice(SMALL_OR_LARGE, (len(scale), len(scale)))
    table = tuple(tuple(int(each) for each in row) for row in counts)
    spare = int(draw.integers(0, 3))
    population = max(1, int(counts.sum()) + spare) if draw.random() < 0.3 else None
    return Rated(scale=scale, table=table, population=population)


def some_ratings(draw: Draw) -> Rated:
    scale = some_scale(draw)
    units, raters = int(draw.integers(1, 6)), int(draw.integers(2, 5))
    missing = draw.choice([0, 0.2])
    ratings = tuple(
        tuple(None if draw.random() < missing else scale[each] for each in row)
        for row in draw.integers(0, len(scale), (units, raters))
    )
    population = units + int(draw.integers(0, 3)) if draw.random() < 0.3 else None
    return Rated(scale=scale, ratings=ratings, population=population)


def estimates(found: Plain, path: str = "") -> Iterator[tuple[str, dict[str, Plain]]]:
    """Yield every estimate in an answer with where it is."""
    if isinstance(found, dict) and "standard_error" in found:
        yield path, found
    elif isinstance(found, dict):
        for name, part in found.items():
            yield from estimates(part, f"{path}/{name}")


def faults(estimate: dict[str, Plain]) -> Iterator[str]:
    """Yield what is wrong with an estimate."""
    value, interval = estimate["value"], estimate["interval"]
    if None in (value, estimate["standard_error"], interval) and not estimate["reason"]:
        yield "null without a reason"
    if isinstance(interval, dict):
        low, high = interval["low"], interval["high"]
        assert isinstance(low, float)
        assert isinstance(high, float)
        if not isinstance(value, float) or not low <= value <= high:
            yield f"{low} to {high} does not hold {value}"


class TestAnything:
    @pytest.mark.parametrize(
        "some", [some_pairs, some_table, some_ratings], ids=["pairs", "table", "rows"]
    )
    def test_is_estimated_within_its_interval_or_has_a_reason(
        self, some: Callable[[Draw], Rated], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        few = {"draws": 200}
        monkeypatch.setattr(of_pairs.PairAgreement.__init__, "__kwdefaults__", few)
        draw = np.random.Generator(np.random.Philox(SEED))
        found: list[str] = []
        seen = 0
        for rated in (some(draw) for _ in range(ROUNDS)):
            for path, estimate in estimates(agreement_of(rated)):
                seen += 1
                found += [f"{rated} {path}: {each}" for each in faults(estimate)]
        assert found == []
        assert seen > 20 * ROUNDS
