"""Whether a judgement is moderated: the sampler of one plan.

Invariant: a judgement is selected with exactly the probability recorded for it, in
parts per million, and the probability is set without looking at the ticket.

With block size b and probability p, the judgement at the hidden position is selected;
any other is selected when its ticket is below (p - 1/b) / (1 - 1/b). Together that is
1/b + (1 - 1/b) * (p - 1/b) / (1 - 1/b) = p.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from services.moderation.domain.inclusion import (
    NOTHING_YET,
    Draw,
    Inclusion,
    Past,
    inclusion,
)
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from services.moderation.domain.sampling import (
    PARTS_PER_MILLION,
    block_position,
    is_below,
    ticket_of,
)

TICKET_LABEL = "moderation"


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

    def for_reviewer(self, results_before: int | None) -> Self:
        """Return what draws of a reviewer who had so many results on joining."""
        return replace(self, rules=self.rules.of_reviewer(results_before))

    def inclusion(
        self, judged: JudgedCase, *, ordinal: int, past: Past = NOTHING_YET
    ) -> Inclusion:
        """Return the probability of a reviewer's judgement number *ordinal*, from 1."""
        asked = Draw(
            judged=judged,
            ordinal=ordinal,
            past=past,
            rules=self.rules,
            published_at=self.published_at,
            is_key_public=self.is_key_public,
        )
        return inclusion(asked)

    def ticket(
        self,
        *,
        reviewer_id: str,
        judgement_id: str,
        ordinal: int,
        probability_ppm: int,
        past: Past = NOTHING_YET,
    ) -> Ticket:
        """Return whether the judgement is selected at the probability set before."""
        value = ticket_of(self.seed, TICKET_LABEL, judgement_id)
        block = past.block(ordinal, self.rules)
        size = block.size if block else self.rules.block_size
        is_pick = block is not None and block.place == block_position(
            self.seed, reviewer_id, block=block.number, block_size=size
        )
        is_selected = is_pick or is_below(
            value,
            numerator=size * probability_ppm - PARTS_PER_MILLION,
            denominator=PARTS_PER_MILLION * (size - 1),
        )
        return Ticket(value, is_pick, is_selected)
