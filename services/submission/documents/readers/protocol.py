"""What the service and its reading processes say to each other: one line of JSON each.

The portfolio itself travels in a file, because it can be large.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.submission.documents.portfolio import Portfolio
from services.submission.documents.refusals import Refusal
from shared.contracts.programme import Programme


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReadingLimits(_Line):
    """What reading one portfolio may cost; more is a refusal."""

    wall_seconds: int = Field(default=60, gt=0)
    """Source: P; a large portfolio takes about two."""
    cpu_seconds: int = Field(default=40, gt=0)
    """Source: P."""
    memory_bytes: int = Field(default=1024**3, gt=0)
    """Address space of the process. Source: P."""


class Request(_Line):
    """Read one upload: a portfolio, or one file of it."""

    path: Path
    name: str
    contents: Path
    result: Path
    """File to write the `Result` to."""
    programmes: tuple[Programme, ...]
    """What it may be a portfolio of; one where the cohort is known."""
    is_one_file: bool = False
    """True for a section or a piece of evidence, False for a whole portfolio."""
    limits: ReadingLimits


class Answer(_Line):
    """How the reading ended."""

    ended: Literal["read", "too_long", "too_much_memory", "killed", "failed"]
    detail: str = ""
    """Name of the error or the signal, for the log; never words of the portfolio."""


class Result(_Line):
    """What was read: a portfolio, or the reasons against it."""

    portfolio: Portfolio | None = None
    refusals: tuple[Refusal, ...] = ()
    failure: str = ""
    """Kind and place of an error nobody expected; never words of the portfolio."""
