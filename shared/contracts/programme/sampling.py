"""Which reviews are judged a second time, and how likely.

A stratum is a `Floor`: a name, a least probability, and what must hold of a judgement.
To add one, write it into the policy of a programme, or into the rules of a plan;
nothing else changes, and every check of the draws follows it.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from shared.contracts.programme.detection import PARTS_PER_MILLION, Detection
from shared.contracts.programme.seeding import SeedRules
from shared.contracts.programme.values import (
    PositiveSetting,
    Record,
    Sourced,
    refuse_repeats,
)
from shared.vocabulary import CRITERIA, Attempt, Level, Outcome

RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Rate = Annotated[int, Field(ge=0, le=PARTS_PER_MILLION)]
BlockSize = Annotated[int, Field(ge=2, le=1_000)]

Told: TypeAlias = bool | int | str
"""What a judgement says of itself in one respect."""

_RESPECTS: Mapping[str, Any] = {
    "outcome": Outcome,
    "attempt": Attempt,
    "borderline": bool,
    "adjusted": bool,
    "conflict_overridden": bool,
    **{f"levels.{criterion}": Level for criterion in CRITERIA},
}
"""What a floor may ask of a judgement, with the values there are."""


class Floor(Record):
    """A least probability of all judgements of one kind."""

    rule: RuleName
    """Recorded with every probability that this floor sets."""
    least_ppm: Rate
    when: dict[str, Annotated[tuple[Told, ...], Field(min_length=1)]] = Field(
        min_length=1
    )
    """By respect the values it holds for; it holds when every respect is met."""

    @field_validator("when")
    @classmethod
    def _can_be_met(cls, when: dict[str, tuple[Told, ...]]) -> dict[str, Any]:
        for respect, values in when.items():
            if respect not in _RESPECTS:
                known = ", ".join(_RESPECTS)
                message = f"{respect} is nothing a judgement says: use one of {known}"
                raise ValueError(message)
            for value in values:
                if not _is_possible(respect, value):
                    message = f"{respect} is never {value!r}"
                    raise ValueError(message)
        return when


def _is_possible(respect: str, value: Told) -> bool:
    try:
        TypeAdapter(_RESPECTS[respect]).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def refuse_repeated_rules(floors: Iterable[Floor]) -> None:
    """Check that no two floors have one name: a probability names its rule.

    That none is called like a rule of moderation's own is checked with the plan.
    """
    refuse_repeats([each.rule for each in floors], "rule", "floors")


class StandingRule(Record):
    """What a standing asks of a reviewer's draws."""

    least_ppm: Rate = 0
    block_size: BlockSize | None = None
    """One hidden judgement in each block of so many; None for the plan's own."""

    @field_validator("block_size")
    @classmethod
    def _is_exact(cls, size: int | None) -> int | None:
        if size is not None:
            refuse_inexact(size)
        return size


def refuse_inexact(block_size: int) -> None:
    """Check that 1/block_size is a whole number of parts per million."""
    if PARTS_PER_MILLION % block_size:
        message = "block_size must divide 1000000, so that 1/block_size is exact"
        raise ValueError(message)


ReviewerStanding: TypeAlias = Literal[
    "probation", "normal", "reduced", "tightened", "paused"
]
"""How far a reviewer's marking is trusted. Source: statistics.md 4."""


class Standings(Record):
    """What each standing asks of the draws. Source: moderation.md 6; never 0 %."""

    probation: StandingRule
    normal: StandingRule
    reduced: StandingRule
    tightened: StandingRule
    paused: StandingRule

    def of(self, standing: ReviewerStanding) -> StandingRule:
        """Return what *standing* asks."""
        rule: StandingRule = getattr(self, standing)
        return rule


class Newcomers(Record):
    """What is asked of reviewers whom moderation knows little of yet."""

    first_judgements: Annotated[int, Field(ge=1, le=1_000)]
    """So many first judgements of theirs in a cohort are always drawn."""
    fewer_results_than: Annotated[int, Field(ge=1, le=1_000)]
    """New is who had fewer moderated results, in all cohorts, on joining this one."""


def refuse_easier_start(first_judgements: int, newcomers: Newcomers | None) -> None:
    """Check that of a new reviewer no less is drawn than of the others."""
    if newcomers is not None and newcomers.first_judgements < first_judgements:
        message = "newcomers: their first_judgements are fewer than everybody's"
        raise ValueError(message)


class SamplingPolicy(Record):
    """Which reviews are judged a second time."""

    first_judgements: PositiveSetting
    """So many first judgements of each reviewer in a cohort are always drawn."""
    newcomers: Sourced[Newcomers] | None = None
    """None: nobody is treated as new."""
    block_size: Sourced[BlockSize]
    """One hidden case in each block of this many."""
    floors: tuple[Sourced[Floor], ...]
    idle_days: PositiveSetting
    """After so many days without a judgement a reviewer is out of practice, and ..."""
    idle_judgements: PositiveSetting
    """... so many judgements are drawn for certain."""
    detection: Sourced[Detection]
    standings: Sourced[Standings]
    criterion_gap: PositiveSetting
    """Levels apart on one criterion that call a second moderator."""
    second_opinions_ppm: Sourced[Rate] = Sourced(value=70_000, source="P")
    """How likely a second moderator judges what the first agrees with; 0 for never.
    Source: moderation.md 9, between 5 and 10 of 100."""
    seeds: Sourced[SeedRules] | None = None
    """How often cases with definitive marks come among the work; None for never."""
    decisions: Sourced[tuple[RuleName, ...]] | None = None
    """What may be decided about a case that was compared; None for the usual."""

    @model_validator(mode="after")
    def _is_exact(self) -> Self:
        refuse_inexact(self.block_size.value)
        refuse_repeated_rules(floor.value for floor in self.floors)
        new = self.newcomers.value if self.newcomers else None
        refuse_easier_start(self.first_judgements.value, new)
        return self
