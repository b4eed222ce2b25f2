"""Why a portfolio cannot be taken in: every problem, each with its cure.

A file's name and what is wrong with it are for the person who uploads; they may be
personal, so they are never part of an error's context or of a log line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from shared.errors import RuleViolatedError


class Refusal(BaseModel):
    """One problem: where it is, what is wrong, and what to do about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    """Name as uploaded; the upload itself when the whole of it is meant."""
    reason: str
    remedy: str


class PortfolioRefusedError(RuleViolatedError):
    """The portfolio cannot be taken in: see what is wrong with each file."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        """Keep every refusal, in order, without repeats."""
        self.refusals = tuple(dict.fromkeys(refusals))
        super().__init__(problems=len(self.refusals))

    def lines(self) -> tuple[str, ...]:
        """Return one line for each problem, to show to the person who uploads."""
        return tuple(
            f"{each.file}: {each.reason} {each.remedy}" for each in self.refusals
        )


class UnreadableError(Exception):
    """One file cannot be used; whoever knows its name makes a refusal of it."""

    def __init__(self, reason: str, remedy: str) -> None:
        """Keep what is wrong and what to do."""
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)

    def about(self, file: str) -> Refusal:
        """Return this as the refusal of *file*."""
        return Refusal(file=file, reason=self.reason, remedy=self.remedy)


@dataclass(slots=True)
class Problems:
    """Gathers refusals while the rest of the portfolio is still looked at."""

    found: list[Refusal] = field(default_factory=list)

    def add(self, file: str, *, reason: str, remedy: str) -> None:
        """Note one problem and carry on."""
        self.found.append(Refusal(file=file, reason=reason, remedy=remedy))

    def refused(self) -> PortfolioRefusedError:
        """Return the error that holds all that was found."""
        return PortfolioRefusedError(self.found)

    def refuse_if_any(self) -> None:
        """Stop here if anything was found.

        Raises:
            PortfolioRefusedError: holds all that was found.
        """
        if self.found:
            raise self.refused()
