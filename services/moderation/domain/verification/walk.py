"""One reviewer's draws, followed one by one; see the package."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    ProbabilitySet,
    SampleWidened,
)
from services.moderation.domain.inclusion import Rules
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.events import KeyRevealed, PlanPublished
from services.moderation.domain.verification.digests import mac

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far the clocks of two processes of one service may differ (P)."""


@dataclass(slots=True)
class Walk:
    """The facts of one reviewer, followed one by one."""

    reviewer_id: str
    plan: PlanPublished
    revealed: KeyRevealed
    seed: bytes
    widened_ppm: int = 0
    received: dict[UUID, JudgementReceived] = field(default_factory=dict)
    drawn: dict[UUID, Drawn] = field(default_factory=dict)

    def findings(self, facts: Iterable[DrawEvent]) -> Iterator[str]:
        before: DrawEvent | None = None
        for fact in facts:
            match fact:
                case JudgementReceived(judged=judged, ordinal=ordinal):
                    if ordinal != len(self.received) + 1:
                        yield f"judgement {judged.judgement_id}: wrong number"
                    self.received[judged.judgement_id] = fact
                case SampleWidened(to_ppm=to_ppm):
                    self.widened_ppm = max(self.widened_ppm, to_ppm)
                case Drawn(judgement_id=judgement_id):
                    if fact != self._expected(fact, before):
                        yield f"judgement {judgement_id}: not drawn as committed"
                    self.drawn[judgement_id] = fact
                case _:
                    pass
            before = fact
        for judgement_id in self.received.keys() - self.drawn.keys():
            yield f"judgement {judgement_id}: no draw is recorded"

    def _expected(self, drawn: Drawn, before: DrawEvent | None) -> Drawn | None:
        """Return the draw as it must be; None when nothing proper preceded it."""
        received = self.received.get(drawn.judgement_id)
        if received is None or not isinstance(before, ProbabilitySet):
            return None
        probability_ppm = self._probability_ppm(received, before)
        told = (before.judgement_id, before.ordinal, before.probability_ppm)
        wanted = (drawn.judgement_id, received.ordinal, probability_ppm)
        if told != wanted or probability_ppm is None:
            return None
        rules, name = self.plan.plan.rules, str(drawn.judgement_id).encode()
        ticket = mac(self.seed, b"ticket", b"moderation", name)
        place = received.ordinal - rules.first_judgements - 1
        block, offset = divmod(place, rules.block_size)
        pick = place >= 0 and offset == self._hidden_place(block)
        extra = rules.block_size * probability_ppm - 1_000_000
        chance = 1_000_000 * (rules.block_size - 1)
        below = int.from_bytes(ticket, "big") * chance < extra * 2**256
        return drawn.model_copy(
            update={
                "case_id": received.judged.case_id,
                "attempt": received.judged.attempt,
                "ticket": ticket.hex(),
                "block_pick": pick,
                "selected": pick or below,
            }
        )

    def _probability_ppm(
        self, received: JudgementReceived, told: ProbabilitySet
    ) -> int | None:
        """Return the probability the rules give; None when the rule may not apply."""
        since_close = told.occurred_at - self.revealed.occurred_at
        if told.rule == "key_revealed":
            return 1_000_000 if since_close > -CLOCK_TOLERANCE else None
        rules = self.plan.plan.rules
        is_early = received.judged.completed_at < self.plan.occurred_at
        if is_early or received.ordinal <= rules.first_judgements:
            return 1_000_000
        if since_close > CLOCK_TOLERANCE:
            return None
        floor = _floor_ppm(received.judged, rules)
        return max(1_000_000 // rules.block_size, floor, self.widened_ppm)

    def _hidden_place(self, block: int) -> int:
        size = self.plan.plan.rules.block_size
        for attempt in range(1_000):
            parts = (self.reviewer_id, str(block), str(attempt))
            raw = mac(self.seed, b"block", *(part.encode() for part in parts))
            value = int.from_bytes(raw, "big")
            if value < 2**256 // size * size:
                return value % size
        raise AssertionError


def _floor_ppm(judged: JudgedCase, rules: Rules) -> int:
    floor = 0
    if judged.outcome == "CNM":
        floor = rules.cnm_floor_ppm
        if judged.attempt == 2:  # noqa: PLR2004 - the one resubmission
            floor = max(floor, rules.resubmission_cnm_ppm)
    if judged.borderline:
        floor = max(floor, rules.borderline_floor_ppm)
    return max(floor, rules.adjusted_ppm) if judged.adjusted else floor
