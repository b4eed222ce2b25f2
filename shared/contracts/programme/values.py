"""The building blocks of a programme file: frozen values, each number with a source."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

T = TypeVar("T")

_ONE = r"(S[0-4]|AP|P)( [^,]+)?"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Version = Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d+$")]
Source = Annotated[str, StringConstraints(pattern=rf"^{_ONE}(, {_ONE})*$")]


class Record(BaseModel):
    """A frozen value of a programme file; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Record, Generic[T]):
    """A value of a programme together with where it comes from.

    `source` is S0 (interview), S1 (programme page), S2 (support policy), S3
    (practitioner models), S4 (mentor standards), AP (appeals policy) or P (our own
    default), with a paragraph where there is one: ``S2 4.4``; several with commas.
    """

    value: T
    source: Source


Positive = Annotated[int, Field(gt=0, le=10_000)]
"""Of anything that is counted, or timed in minutes up to months: a date after so many
of them still exists (P)."""
PositiveSetting = Sourced[Positive]
LargeSetting = Sourced[Annotated[int, Field(gt=0, le=10**12)]]
"""Bytes and pence (P)."""
RateSetting = Sourced[Annotated[int, Field(ge=0, le=1_000_000)]]


def version_order(version: str) -> tuple[int, int]:
    """Return what sorts versions by age: ``2025.10`` is later than ``2025.9``."""
    year, number = version.split(".")
    return int(year), int(number)


def refuse_repeats(names: list[str], what: str, where: str) -> None:
    """Check that no name occurs twice.

    Raises:
        ValueError: names the repeated ones.
    """
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"{where}: {what} used twice: {', '.join(repeated)}"
        raise ValueError(message)


def refuse_gaps(numbers: list[int], what: str) -> None:
    """Check that *numbers* are 1, 2, 3 and so on.

    Raises:
        ValueError: says what was found.
    """
    if numbers != list(range(1, len(numbers) + 1)):
        message = f"{what}: must count up from 1, found {numbers}"
        raise ValueError(message)
