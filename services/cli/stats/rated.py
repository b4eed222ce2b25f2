"""Reads what `attest stats agreement` is given, and says what is wrong with it.

Invariant: what is returned can be computed with: every mark is on the scale, every row
has its length, every probability is over 0 and up to 1.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NoReturn, TypeAlias

from shared.errors import BadInputError

Row: TypeAlias = tuple[float | None, ...]

FORMS = ("pairs", "table", "ratings")
LONGEST_SCALE = 20
"""More marks would need more memory for the draws than a small machine has."""

LARGEST_COUNT = 10**12
"""Counts up to here are exact in the numbers that compute with them."""

_SHOWN_CHARACTERS = 40
_TWO = 2


class UnreadableFileError(BadInputError):
    """The file cannot be read: name a JSON file, or - for standard input."""


class UnusableRatingsError(BadInputError):
    """These ratings cannot be used."""

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        """Say *where* what is wrong, and what to do."""
        super().__init__(where=where, problem=problem, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Marks of one of the three forms; the others are None."""

    scale: tuple[float, ...]
    pairs: tuple[tuple[float, float], ...] | None = None
    weights: tuple[float, ...] | None = None
    table: tuple[tuple[int, ...], ...] | None = None
    ratings: tuple[Row, ...] | None = None
    population: int | None = None


def read_rated(content: bytes, *, population: int | None = None) -> Rated:
    """Return the ratings in *content*.

    Raises:
        UnusableRatingsError: says what is wrong, where, and what to do.
    """
    parts = _parts(content)
    form = _form(parts)
    scale = _scale(parts["scale"])
    rated = _READERS[form](parts, scale)
    return _within(population, rated)


def _parts(content: bytes) -> dict[str, object]:
    try:
        found = json.loads(
            content.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise UnusableRatingsError(
            f"byte {error.start}", "this is not UTF-8", "save the file as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnusableRatingsError(
            where, f"this is not JSON: {error.msg}", "correct it there"
        ) from error
    except (RecursionError, ValueError) as error:
        raise UnusableRatingsError(
            "file", "it is nested too deeply or holds too long a number", "simplify it"
        ) from error
    if not isinstance(found, dict):
        _refuse("file", "it holds no JSON object", 'begin with {"scale": [...], ...}')
    return found


def _refuse_constant(name: str) -> NoReturn:
    _refuse(
        "file", f"{name} is no mark", "use numbers, or null where a mark is missing"
    )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        _refuse(_shown(twice), "it occurs twice", "keep one of them")
    return found


def _form(parts: Mapping[str, object]) -> str:
    known = ("scale", *FORMS, "weights")
    for name in parts:
        if name not in known:
            _refuse(
                _shown(name), "there is no such key", f"use only {', '.join(known)}"
            )
    if "scale" not in parts:
        _refuse("scale", "it is missing", "give every mark there is, ascending")
    forms = [form for form in FORMS if form in parts]
    if len(forms) != 1:
        what = f"both {' and '.join(forms)} are given" if forms else "none is given"
        _refuse(" | ".join(FORMS), what, "give exactly one of pairs, table, ratings")
    if "weights" in parts and forms != ["pairs"]:
        _refuse("weights", f"they go with pairs, not with {forms[0]}", "leave them out")
    return forms[0]


def _scale(found: object) -> tuple[float, ...]:
    scale = tuple(
        _number(each, f"scale[{place}]")
        for place, each in enumerate(_list(found, "scale"))
    )
    if not _TWO <= len(scale) <= LONGEST_SCALE:
        problem = f"it has {len(scale)} marks"
        _refuse("scale", problem, f"give the full scale, 2 to {LONGEST_SCALE} marks")
    for place in range(1, len(scale)):
        if scale[place] <= scale[place - 1]:
            problem = f"{scale[place]} does not come after {scale[place - 1]}"
            _refuse(f"scale[{place}]", problem, "give each mark once, ascending")
    return scale


def _read_pairs(parts: Mapping[str, object], scale: tuple[float, ...]) -> Rated:
    rows = _rows(parts["pairs"], "pairs", _TWO)
    pairs = tuple(
        (_mark(row[0], scale, f"{where}[0]"), _mark(row[1], scale, f"{where}[1]"))
        for where, row in rows
    )
    weights = _weights(parts["weights"], len(pairs)) if "weights" in parts else None
    return Rated(scale=scale, pairs=pairs, weights=weights)


def _weights(found: object, pairs: int) -> tuple[float, ...]:
    listed = _list(found, "weights")
    if len(listed) != pairs:
        problem = f"there are {len(listed)} for {pairs} pairs"
        _refuse("weights", problem, "give one probability for each pair")
    weights = tuple(
        _number(each, f"weights[{place}]") for place, each in enumerate(listed)
    )
    for place, weight in enumerate(weights):
        if not 0 < weight <= 1:
            _refuse(
                f"weights[{place}]",
                f"{weight} is no probability of having been drawn",
                "give a number over 0 and up to 1",
            )
    return weights


def _read_table(parts: Mapping[str, object], scale: tuple[float, ...]) -> Rated:
    rows = _rows(parts["table"], "table", len(scale))
    if len(rows) != len(scale):
        problem = f"it has {len(rows)} rows for {len(scale)} marks"
        _refuse("table", problem, "give one row and one column for each mark")
    table = tuple(
        tuple(_count(each, f"{where}[{place}]") for place, each in enumerate(row))
        for where, row in rows
    )
    return Rated(scale=scale, table=table)


def _read_ratings(parts: Mapping[str, object], scale: tuple[float, ...]) -> Rated:
    listed = _list(parts["ratings"], "ratings")
    raters = len(_list(listed[0], "ratings[0]")) if listed else _TWO
    if raters < _TWO:
        _refuse("ratings[0]", f"it has {raters} marks", "give two raters or more")
    ratings = tuple(
        tuple(
            None if mark is None else _mark(mark, scale, f"{where}[{place}]")
            for place, mark in enumerate(row)
        )
        for where, row in _rows(listed, "ratings", raters)
    )
    return Rated(scale=scale, ratings=ratings)


_READERS = {"pairs": _read_pairs, "table": _read_table, "ratings": _read_ratings}


def _within(population: int | None, rated: Rated) -> Rated:
    """Return *rated* as a sample of *population*."""
    if population is None:
        return rated
    if rated.weights is not None:
        remedy = "leave --population out: the weights say it already"
        _refuse("--population", "it is given beside weights", remedy)
    units = _units(rated)
    if population < units:
        problem = f"{population} is less than the {units} judged units in the file"
        _refuse("--population", problem, "give the size of the whole cohort")
    return Rated(
        scale=rated.scale,
        pairs=rated.pairs,
        table=rated.table,
        ratings=rated.ratings,
        population=population,
    )


def _units(rated: Rated) -> int:
    """Return how many units have a mark."""
    if rated.table is not None:
        return sum(map(sum, rated.table))
    if rated.pairs is not None:
        return len(rated.pairs)
    return sum(any(mark is not None for mark in row) for row in rated.ratings or ())


def _rows(found: object, name: str, width: int) -> list[tuple[str, list[object]]]:
    """Return each row with where it is; all have *width* entries."""
    rows = [
        (f"{name}[{place}]", _list(row, f"{name}[{place}]"))
        for place, row in enumerate(_list(found, name))
    ]
    for where, row in rows:
        if len(row) != width:
            problem = f"it has {len(row)} entries, not {width}"
            _refuse(where, problem, "give every row the same length")
    return rows


def _list(found: object, where: str) -> list[object]:
    if not isinstance(found, list):
        _refuse(where, f"{_as_written(found)} is no list", "write [...]")
    return found


def _mark(found: object, scale: Iterable[float], where: str) -> float:
    mark = _number(found, where)
    if mark not in scale:
        shown = ", ".join(str(each) for each in scale)
        _refuse(where, f"{mark} is not on the scale", f"use one of {shown}")
    return mark


def _number(found: object, where: str) -> float:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or not _is_usable(found):
        problem = f"{_as_written(found)} is no usable number"
        _refuse(where, problem, "write a number up to 10^12")
    assert isinstance(found, int | float)  # noqa: S101 - narrows the type
    return found


def _is_usable(number: object) -> bool:
    return (
        isinstance(number, int | float)
        and abs(number) <= LARGEST_COUNT
        and isfinite(number)
    )


def _count(found: object, where: str) -> int:
    is_whole = isinstance(found, int) and not isinstance(found, bool)
    if not is_whole or not 0 <= _number(found, where) <= LARGEST_COUNT:
        _refuse(
            where, f"{_as_written(found)} is no count", "write a whole number from 0"
        )
    return int(_number(found, where))


def _shown(found: object) -> str:
    is_plain = isinstance(found, str) and found.isprintable()
    return _shortened(str(found)) if is_plain else _as_written(found)


def _as_written(found: object) -> str:
    """Return a value as it stands in the file: words in quotes are no number."""
    return _shortened(json.dumps(found))


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def _refuse(where: str, problem: str, remedy: str) -> NoReturn:
    raise UnusableRatingsError(where, problem, remedy)


__all__: Sequence[str] = ("Rated", "UnusableRatingsError", "read_rated")
