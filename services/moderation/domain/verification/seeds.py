"""Seeds among a reviewer's work, checked a second time; see the package."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.moderation.domain.draw.events import JudgementReceived
from services.moderation.domain.draw.seeded import (
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
)
from services.moderation.domain.verification.digests import mac
from shared.contracts.programme import SeedRules

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far the clocks of two processes of one service may differ (P)."""


@dataclass(slots=True)
class Seeds:
    """What must follow which judgement, and what has."""

    rules: SeedRules | None
    seed: bytes
    fixed_at: datetime
    """From then on tickets could be drawn."""
    revealed_at: datetime
    """From then on they could be foreseen."""
    expected: dict[UUID, str] = field(default_factory=dict)
    """Tickets that ask for a seed, by judgement."""
    missing: set[UUID] = field(default_factory=set)
    """Of these, what must be recorded and is not yet."""
    placed: dict[str, SeedPlaced] = field(default_factory=dict)
    """By case id."""
    judged: list[SeedJudged] = field(default_factory=list)
    counted: list[SeedJudged] = field(default_factory=list)
    """Of these what may be in an alarm: judged since the charts began, or anew."""

    def receive(self, fact: JudgementReceived) -> None:
        """Know that a judgement arrived: its ticket may ask for a seed."""
        judged = fact.judged
        if self.rules is None or judged.attempt != 1:
            return
        ticket = self.ticket(judged.judgement_id)
        if int.from_bytes(ticket, "big") * 1_000_000 >= self.rules.rate_ppm * 2**256:
            return
        self.expected[judged.judgement_id] = ticket.hex()
        if self.is_certain(fact):
            self.missing.add(judged.judgement_id)

    def ticket(self, judgement_id: UUID) -> bytes:
        """Return the ticket of a seed after a judgement."""
        return mac(self.seed, b"ticket", b"seed", str(judgement_id).encode())

    def is_certain(self, fact: JudgementReceived) -> bool:
        """Tell whether a ticket was drawn for certain, whatever clocks say."""
        if self.rules is None or fact.judged.attempt != 1:
            return False
        until = self.revealed_at - CLOCK_TOLERANCE
        return self.fixed_at < fact.occurred_at < until

    def follow(self, fact: SeedPlaced | SeedWithheld) -> Iterator[str]:
        """Follow what came of a ticket, and yield what is wrong with it."""
        name = f"seed after judgement {fact.after}"
        if self.expected.pop(fact.after, None) != fact.ticket:
            yield f"{name}: its ticket asks for none, or is another"
        self.missing.discard(fact.after)
        if isinstance(fact, SeedWithheld):
            if (fact.because == "open") != self._has_open(fact.occurred_at):
                yield f"{name}: withheld for another reason"
            return
        if self._has_open(fact.occurred_at):
            yield f"{name}: placed while another is open"
        if fact.seed_id in {each.seed_id for each in self.placed.values()}:
            yield f"{name}: the same seed was placed before"
        if fact.seed_id != min(fact.candidates, key=lambda e: self._rank(fact, e)):
            yield f"{name}: another of the candidates was to be placed"
        self.placed[fact.case_id] = fact

    def judge(self, fact: SeedJudged) -> Iterator[str]:
        """Know what a seed has shown, and yield what is wrong with it."""
        placed = self.placed.get(fact.case_id)
        known = {each.case_id for each in self.judged}
        if placed is None or placed.seed_id != fact.seed_id or fact.case_id in known:
            yield f"seed {fact.seed_id}: judged, but not placed, or twice"
        self.judged.append(fact)
        if not fact.precedes_probation:
            self.counted.append(fact)

    def alarming(self) -> tuple[UUID, ...]:
        """Return what must be an alarm now: too many of the last out of tolerance."""
        newest = self.judged[-1] if self.judged else None
        if self.rules is None or newest is None or newest.in_tolerance:
            return ()
        if newest.precedes_probation:
            return ()
        last = self.counted[-self.rules.alarm_within :]
        out = tuple(each.judgement_id for each in last if not each.in_tolerance)
        return out if len(out) >= self.rules.alarm_from else ()

    def lacking(self) -> Iterator[str]:
        """Yield the tickets that asked for a seed of which nothing is recorded."""
        for judgement_id in sorted(self.missing):
            yield f"seed after judgement {judgement_id}: none is recorded"

    def _has_open(self, at: datetime) -> bool:
        done = {each.case_id for each in self.judged}
        waiting = (each for name, each in self.placed.items() if name not in done)
        return any(each.due_at > at for each in waiting)

    def _rank(self, fact: SeedPlaced, candidate: str) -> tuple[bytes, str]:
        item = f"{fact.after}.{candidate}".encode()
        return mac(self.seed, b"ticket", b"seed-choice", item), candidate
