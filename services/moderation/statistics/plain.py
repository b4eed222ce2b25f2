"""Statistics as plain data for JSON: numbers rounded, nothing infinite or undefined."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import TypeAlias

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

DECIMALS = 6
"""Decimals that are printed; intervals from draws are rounded before."""


class UndefinedNumberError(ValueError):
    """A number that is not finite would be printed: a statistic lacks its refusal."""


def plain(value: object) -> Plain:
    """Return *value* as JSON can hold it.

    Raises:
        UndefinedNumberError: a number in it is infinite or no number.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _rounded(value)
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return {str(name): plain(part) for name, part in _parts(value).items()}


def _parts(value: object) -> Mapping[object, object]:
    if isinstance(value, Mapping):
        return value
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    message = f"{type(value).__name__} has no form in JSON"
    raise TypeError(message)


def _rounded(value: float) -> float:
    if not isfinite(value):
        raise UndefinedNumberError
    return round(float(value), DECIMALS) + 0.0
