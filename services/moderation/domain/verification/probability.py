"""The probability of one judgement, computed a second time; see the package."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from services.moderation.domain.verification.charts import Charts

Told: TypeAlias = tuple[int, str]
"""A probability in parts per million, and the rule that set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a probability may depend on."""

    judged: JudgedCase
    ordinal: int
    rules: Rules
    published_at: datetime
    charts: Charts
    widened_ppm: int
    standing_ppm: int
    sizes: Sequence[tuple[int, int]]
    gaps: Sequence[timedelta]
    remarked: Sequence[tuple[int, int]]
    is_for_release: bool
    is_changed: bool


def largest(asked: Sequence[Told]) -> Told:
    """Return the largest probability; of equal ones the first."""
    return max(asked, key=lambda each: each[0])


def fitting(possible: Sequence[list[Told]], set_by: Told) -> list[Told]:
    """Return which of what may have been asked for led to what was set, or the first.

    Empty when nothing may have been asked for.
    """
    led = (asked for asked in possible if largest(asked) == set_by)
    return next(led, possible[0] if possible else [])


def asked_for(inputs: Inputs, *, is_key_public: bool) -> list[Told]:
    """Return what each rule asks for, in order, but for rules that ask for nothing."""
    rules, judged = inputs.rules, inputs.judged
    block = block_of(inputs.ordinal, rules, inputs.sizes)
    block_ppm = 1_000_000 // (block[2] if block else rules.block_size)
    start = max(0, inputs.ordinal - rules.idle_judgements)
    is_idle = any(
        gap >= timedelta(days=rules.idle_days)
        for gap in inputs.gaps[start : inputs.ordinal]
    )
    is_first = inputs.ordinal <= rules.first_judgements
    is_remarked = any(a <= inputs.ordinal <= b for a, b in inputs.remarked)
    is_early = judged.completed_at < inputs.published_at
    asked: list[Told] = [
        (1_000_000 * is_first, "first_judgements"),
        (block_ppm, "block"),
        *floors_of(judged, rules),
        (1_000_000 * is_idle, "idle"),
        (1_000_000 * is_remarked, "remark_all"),
        (1_000_000 * inputs.is_for_release, "release"),
        (1_000_000 * inputs.is_changed, "changed_after_recall"),
        (inputs.widened_ppm, "widened"),
        (inputs.charts.adaptive_ppm(block_ppm), "adaptive"),
        (inputs.standing_ppm, "standing"),
        (1_000_000 * is_early, "before_plan"),
        (1_000_000 * is_key_public, "key_revealed"),
    ]
    return [each for each in asked if each[0]]


def floors_of(judged: JudgedCase, rules: Rules) -> list[Told]:
    """Return what the floors say that a judgement meets, in the order of the plan."""
    told: dict[str, object] = {
        "conflict_overridden": judged.conflict_overridden,
        **judged.model_dump(
            include={"outcome", "attempt", "borderline", "adjusted"}, mode="json"
        ),
        **{f"levels.{key}": level for key, level in judged.levels.items()},
    }
    return [
        (floor.least_ppm, floor.rule)
        for floor in rules.floors
        if all(told[name] in values for name, values in floor.when.items())
    ]


def block_of(
    ordinal: int, rules: Rules, sizes: Sequence[tuple[int, int]]
) -> tuple[int, int, int] | None:
    """Return number, place and size of a judgement's block; None before the first."""
    block, start = -1, rules.first_judgements + 1
    end = start
    while end <= ordinal:
        block, start = block + 1, end
        size = rules.block_size
        for since, other in sizes:
            size = other if since <= start else size
        end = start + size
    return None if block < 0 else (block, ordinal - start, end - start)
