"""How likely a judgement is to be moderated, by which rule, and whether it is.

Invariant: a judgement is selected with exactly the probability recorded for it, in
parts per million, and the probability is set without looking at the ticket.

The rules, largest wins (moderation.md 3):

- *first_judgements*: the first few of a reviewer in a cohort, always;
- *block*: one hidden case in each later block, so 1 / block size;
- *cnm_floor*: criteria not met, at least so much;
- *borderline_floor*: criteria only just met, at least so much;
- *resubmission_cnm*: not met at the second attempt, when only a restart is left;
- *adjusted*: an adjustment changed a clock of the case;
- *widened*: the lead looks harder at this reviewer, at least so much;
- *before_plan*: judged before the plan was published, so the plan could have been made
  with an eye on it: always;
- *key_revealed*: the key is public, so a draw would be predictable: always.

Floors stand on top of the block. With block size b and probability p, the judgement at
the hidden position is selected; any other is selected when its ticket is below
(p - 1/b) / (1 - 1/b). Together that is 1/b + (1 - 1/b) * (p - 1/b) / (1 - 1/b) = p.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.sampling import (
    PARTS_PER_MILLION,
    block_position,
    is_below,
    ticket_of,
)
from shared.decider import Value

TICKET_LABEL = "moderation"

Rule: TypeAlias = Literal[
    "first_judgements",
    "block",
    "cnm_floor",
    "borderline_floor",
    "resubmission_cnm",
    "adjusted",
    "widened",
    "before_plan",
    "key_revealed",
]


class Rules(Value):
    """The rules of a plan. Sources: moderation.md 3 and the programme's policy."""

    first_judgements: int = Field(ge=1, le=1_000)
    """So many first judgements of a reviewer in a cohort are always moderated."""
    block_size: int = Field(ge=2, le=1_000)
    """One hidden judgement in each later block of so many; divides a million."""
    cnm_floor_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    """Least probability of a judgement "criteria not met"."""
    borderline_floor_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    """Least probability of a judgement "criteria only just met"."""
    resubmission_cnm_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    """Least probability of "criteria not met" at the second attempt."""
    adjusted_ppm: int = Field(ge=0, le=PARTS_PER_MILLION)
    """Least probability of a case with an adjustment."""
    criterion_gap: int = Field(ge=1, le=3)
    """Levels apart on one criterion that call a second moderator."""

    @model_validator(mode="after")
    def _is_exact(self) -> Self:
        """Refuse a block whose probability is not a whole number of ppm."""
        if PARTS_PER_MILLION % self.block_size:
            message = "block_size must divide 1000000, so that 1/block_size is exact"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A probability in parts per million, and the rule that set it."""

    probability_ppm: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the sampler says about one judgement."""

    value: int
    is_block_pick: bool
    is_selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """What is needed to draw under one plan. Never part of a fact or a log line."""

    rules: Rules
    seed: bytes
    published_at: datetime
    """When the plan was published."""
    is_key_public: bool = False

    def inclusion(
        self, judged: JudgedCase, *, ordinal: int, widened_to_ppm: int
    ) -> Inclusion:
        """Return the probability of a reviewer's judgement number *ordinal*, from 1."""
        found = [
            Inclusion(PARTS_PER_MILLION // self.rules.block_size, "block"),
            *self._floors(judged),
            Inclusion(widened_to_ppm, "widened"),
        ]
        if judged.completed_at < self.published_at:
            found.append(Inclusion(PARTS_PER_MILLION, "before_plan"))
        if self.is_key_public:
            found.append(Inclusion(PARTS_PER_MILLION, "key_revealed"))
        if ordinal <= self.rules.first_judgements:
            found.insert(0, Inclusion(PARTS_PER_MILLION, "first_judgements"))
        return max(found, key=lambda each: each.probability_ppm)

    def _floors(self, judged: JudgedCase) -> Iterator[Inclusion]:
        rules, is_cnm = self.rules, judged.outcome == "CNM"
        if is_cnm:
            yield Inclusion(rules.cnm_floor_ppm, "cnm_floor")
        if is_cnm and judged.attempt > 1:
            yield Inclusion(rules.resubmission_cnm_ppm, "resubmission_cnm")
        if judged.borderline:
            yield Inclusion(rules.borderline_floor_ppm, "borderline_floor")
        if judged.adjusted:
            yield Inclusion(rules.adjusted_ppm, "adjusted")

    def ticket(
        self, *, reviewer_id: str, judgement_id: str, ordinal: int, probability_ppm: int
    ) -> Ticket:
        """Return whether the judgement is selected at the probability set before."""
        size = self.rules.block_size
        value = ticket_of(self.seed, TICKET_LABEL, judgement_id)
        in_blocks = ordinal - self.rules.first_judgements - 1
        is_pick = in_blocks >= 0 and in_blocks % size == block_position(
            self.seed, reviewer_id, block=in_blocks // size, block_size=size
        )
        is_selected = is_pick or is_below(
            value,
            numerator=size * probability_ppm - PARTS_PER_MILLION,
            denominator=PARTS_PER_MILLION * (size - 1),
        )
        return Ticket(value, is_pick, is_selected)
