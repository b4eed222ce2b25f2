"""An independent check of every draw, from the facts and the revealed key alone.

Written a second time on purpose: it shares no code with the sampler, so that a mistake
or a change there cannot hide here. Source: statistics.md 2.9, step 6.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from services.moderation.domain.plan.events import (
    KeyRevealed,
    NonceCommitted,
    NonceRevealed,
    PlanEvent,
    PlanPublished,
    RandomnessFixed,
)

_NAME = b"mod-sampler/1"

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far the clocks of two processes of one service may differ (P)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found; nothing found means that every draw is as committed."""

    draws: int
    findings: tuple[str, ...]


def verify(
    plan_facts: Sequence[PlanEvent], draws: Mapping[str, Sequence[DrawEvent]]
) -> Verdict:
    """Return what is wrong with the draws of a cohort, by reviewer.

    *plan_facts* are those of its ``plan-`` stream, *draws* those of each ``draw-``
    stream by reviewer id, each in the order of the log.
    """
    published = [fact for fact in plan_facts if isinstance(fact, PlanPublished)]
    revealed = [fact for fact in plan_facts if isinstance(fact, KeyRevealed)]
    fixed = [fact for fact in plan_facts if isinstance(fact, RandomnessFixed)]
    if not (len(published) == len(revealed) == len(fixed) == 1):
        return Verdict(0, ("the plan, its randomness or its key is missing",))
    plan, key = published[0], bytes.fromhex(revealed[0].key)
    findings = [*_check_commitments(plan_facts, plan, key, fixed[0].beacon)]
    seed = _mac(key, b"seed", fixed[0].beacon.encode(), plan.plan_hash.encode())
    for reviewer_id, facts in draws.items():
        walk = _Walk(reviewer_id, plan, revealed[0], seed)
        findings += walk.findings(facts)
    count = sum(isinstance(fact, Drawn) for facts in draws.values() for fact in facts)
    return Verdict(count, tuple(findings))


def _packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (_NAME, *parts))


def _mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, _packed(*parts), "sha256")


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(_packed(*parts)).hexdigest()


def _check_commitments(
    facts: Sequence[PlanEvent], plan: PlanPublished, key: bytes, beacon: str
) -> Iterator[str]:
    content = plan.plan.model_dump(mode="json")
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    if hashlib.sha256(text.encode()).hexdigest() != plan.plan_hash:
        yield "the plan does not have its hash"
    if _digest(b"commit", key) != plan.key_commitment:
        yield "the key is not the committed one"
    cohort, shown = plan.plan.cohort_id.encode(), dict[str, bytes]()
    yield from _check_numbers(facts[facts.index(plan) :], cohort, shown)
    pairs = [part for name in sorted(shown) for part in (name.encode(), shown[name])]
    if beacon != f"commit-reveal:{_digest(b'beacon', cohort, *pairs)}":
        yield "the randomness is not what the numbers make"


def _check_numbers(
    facts: Iterable[PlanEvent], cohort: bytes, shown: dict[str, bytes]
) -> Iterator[str]:
    bound: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, NonceCommitted):
            if shown:
                yield f"{fact.party} committed after a number was shown"
            bound[fact.party] = fact.commitment
        if isinstance(fact, NonceRevealed):
            shown[fact.party] = bytes.fromhex(fact.nonce)
            parts = (b"nonce", cohort, fact.party.encode(), shown[fact.party])
            if bound.get(fact.party) != _digest(*parts):
                yield f"{fact.party} showed another number than it committed to"


@dataclass(slots=True)
class _Walk:
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
        ticket = _mac(self.seed, b"ticket", b"moderation", name)
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
        if received.ordinal <= rules.first_judgements:
            return 1_000_000
        if since_close > CLOCK_TOLERANCE:
            return None
        floor = rules.cnm_floor_ppm if received.judged.outcome == "CNM" else 0
        return max(1_000_000 // rules.block_size, floor, self.widened_ppm)

    def _hidden_place(self, block: int) -> int:
        size = self.plan.plan.rules.block_size
        for attempt in range(1_000):
            parts = (self.reviewer_id, str(block), str(attempt))
            raw = _mac(self.seed, b"block", *(part.encode() for part in parts))
            value = int.from_bytes(raw, "big")
            if value < 2**256 // size * size:
                return value % size
        raise AssertionError
