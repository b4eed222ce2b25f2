"""One reviewer's draws, followed one by one; see the package."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
    JudgementReceived,
    ProbabilitySet,
    RemarkAllOrdered,
    RenewalReceived,
    SampledAsChanged,
    SampledForRelease,
    SampleWidened,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import (
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
)
from services.moderation.domain.plan.events import KeyRevealed, PlanPublished
from services.moderation.domain.rules import Rules
from services.moderation.domain.verification.changes import Changes
from services.moderation.domain.verification.charts import Charts
from services.moderation.domain.verification.digests import mac
from services.moderation.domain.verification.probability import (
    Inputs,
    Told,
    asked_for,
    block_of,
    fitting,
    largest,
)
from services.moderation.domain.verification.seeds import CLOCK_TOLERANCE, Seeds


@dataclass(slots=True)
class Walk:
    """The facts of one reviewer, followed one by one."""

    reviewer_id: str
    plan: PlanPublished
    revealed: KeyRevealed
    seed: bytes
    fixed_at: datetime
    """When tickets could first be drawn."""
    results: int | None = None
    """How many moderated results they had when they joined the cohort."""
    rules: Rules = field(init=False)
    charts: Charts = field(init=False)
    changes: Changes = field(init=False)
    seeds: Seeds = field(init=False)
    widened_ppm: int = 0
    standing: str | None = None
    """The last that was applied."""
    standing_ppm: int = 0
    sizes: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[timedelta] = field(default_factory=list)
    remarked: list[tuple[int, int]] = field(default_factory=list)
    latest: datetime | None = None
    for_release: set[UUID] = field(default_factory=set)
    received: dict[UUID, JudgementReceived] = field(default_factory=dict)
    drawn: dict[UUID, Drawn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start charts and seeds, and know whether the reviewer is new."""
        rules = self.plan.plan.drawn_by
        new, had = rules.newcomers, self.results
        if new is not None and had is not None and had < new.fewer_results_than:
            first = {"first_judgements": new.first_judgements}
            rules = rules.model_copy(update=first)
        self.rules = rules
        self.charts, self.changes = Charts(rules.detection), Changes(rules)
        revealed_at = self.revealed.occurred_at
        self.seeds = Seeds(rules.seeds, self.seed, self.fixed_at, revealed_at)

    def findings(self, facts: Iterable[DrawEvent]) -> Iterator[str]:
        """Yield what is wrong, in the order of the facts."""
        before: DrawEvent | None = None
        for fact in facts:
            if not isinstance(fact, AlarmRaised):
                yield from self.charts.missed()
            yield from self.follow(fact, before)
            before = fact
        yield from self.charts.missed()
        yield from self.changes.missed(self.drawn)
        for judgement_id in self.received.keys() - self.drawn.keys():
            yield f"judgement {judgement_id}: no draw is recorded"
        yield from self.seeds.lacking()

    def follow(self, fact: DrawEvent, before: DrawEvent | None) -> Iterator[str]:
        """Yield what is wrong with one fact; *before* is the one before it."""
        match fact:
            case JudgementReceived():
                yield from self._receive(fact)
            case SampleWidened(to_ppm=to_ppm):
                self.widened_ppm = max(self.widened_ppm, to_ppm)
            case StandingApplied():
                yield from self._apply(fact)
            case Drawn(judgement_id=judgement_id):
                if fact != self._expected(fact, before):
                    yield f"judgement {judgement_id}: not drawn as committed"
                self.drawn[judgement_id] = fact
                if judgement_id in self.received:
                    self.changes.draw(self.received[judgement_id], fact)
            case _:
                yield from self._order(fact)

    def _order(self, fact: DrawEvent) -> Iterator[str]:
        match fact:
            case DifferenceNoted():
                yield from self._note(fact)
            case AlarmRaised():
                yield from self.charts.alarmed(fact)
            case RemarkAllOrdered(from_ordinal=first, to_ordinal=last):
                if last != len(self.received):
                    yield f"all from {first} on to be moderated: wrong last number"
                self.remarked.append((first, last))
            case SampledForRelease(judgements=judgements):
                self.for_release |= set(judgements)
            case RenewalReceived():
                yield from self.changes.renew(fact, self.received, self.drawn)
            case SampledAsChanged():
                yield from self.changes.sample(fact, self.received)
            case _:
                yield from self._seed(fact)

    def _seed(self, fact: DrawEvent) -> Iterator[str]:
        match fact:
            case SeedPlaced() | SeedWithheld():
                yield from self.seeds.follow(fact)
            case SeedJudged():
                yield from self.seeds.judge(fact)
                placed = self.seeds.placed.get(fact.case_id)
                times = [placed.occurred_at, fact.occurred_at] if placed else []
                yield from self.charts.check_age(fact, times)
                yield from self.charts.note_seed(fact, self.seeds.alarming())
            case _:
                pass

    def _receive(self, fact: JudgementReceived) -> Iterator[str]:
        judged = fact.judged
        if fact.ordinal != len(self.received) + 1:
            yield f"judgement {judged.judgement_id}: wrong number"
        since = self.latest or judged.completed_at
        self.gaps.append(judged.completed_at - since)
        self.latest = max(since, judged.completed_at)
        self.received[judged.judgement_id] = fact
        self.seeds.receive(fact)

    def _note(self, fact: DifferenceNoted) -> Iterator[str]:
        last = self.drawn.get(fact.judgement_id)
        if last is None or not last.selected:
            yield f"judgement {fact.judgement_id}: a difference, but no selection"
        later = self.changes.renewed.get(fact.judgement_id)
        if not fact.release_only:
            first = self.received.get(fact.judgement_id)
            made = (first.judged if first else None, later)
            times = [each.completed_at for each in made if each]
            yield from self.charts.check_age(fact, times)
            yield from self.charts.note(fact)
            return
        is_anothers = later is not None and later.reviewer_id != self.reviewer_id
        is_asked = self.rules.release is not None
        if not is_asked or not (is_anothers or fact.judgement_id in self.charts.noted):
            yield f"judgement {fact.judgement_id}: left out of the charts"
        yield from self.charts.pass_over(fact)

    def _apply(self, fact: StandingApplied) -> Iterator[str]:
        rules, wanted = self.rules, (0, 0)
        if rules.standings is not None:
            asked = rules.standings.of(fact.standing)
            wanted = (asked.least_ppm, asked.block_size or 0)
        told = (fact.least_ppm, fact.block_size)
        if told != (wanted[0], wanted[1] or rules.block_size):
            yield f"standing {fact.standing}: not what the plan says of it"
        if fact.from_ordinal != len(self.received) + 1:
            yield f"standing {fact.standing}: wrong number"
        if fact.charts_from is not None:
            yield from self._begin_anew(fact, fact.charts_from)
        self.standing, self.standing_ppm = fact.standing, fact.least_ppm
        self.sizes.append((fact.from_ordinal, fact.block_size))

    def _begin_anew(self, fact: StandingApplied, since: datetime) -> Iterator[str]:
        is_at_nought = self.charts.are_at_nought and not self.seeds.counted
        if self.standing != "paused" and not is_at_nought:
            yield f"standing {fact.standing}: the charts begin anew without a pause"
        for wrong in self.charts.begin_anew(since, fact.occurred_at):
            yield f"standing {fact.standing}: {wrong}"
        self.seeds.counted = []

    def _expected(self, drawn: Drawn, before: DrawEvent | None) -> Drawn | None:
        """Return the draw as it must be; None when nothing proper preceded it."""
        received = self.received.get(drawn.judgement_id)
        if received is None or not isinstance(before, ProbabilitySet):
            return None
        told = (before.judgement_id, before.ordinal, before.case_id, before.attempt)
        judged, ppm = received.judged, before.probability_ppm
        wanted = (drawn.judgement_id, received.ordinal, judged.case_id, judged.attempt)
        possible = [largest(each) for each in self._possible(received, before)]
        if told != wanted or (ppm, before.rule) not in possible:
            return None
        ticket = mac(
            self.seed, b"ticket", b"moderation", str(drawn.judgement_id).encode()
        )
        rules = self.rules
        block = block_of(received.ordinal, rules, self.sizes)
        size = block[2] if block else rules.block_size
        pick = block is not None and self._hidden_place(block[0], size) == block[1]
        extra, chance = size * ppm - 1_000_000, 1_000_000 * (size - 1)
        below = int.from_bytes(ticket, "big") * chance < extra * 2**256
        return drawn.model_copy(
            update={
                "case_id": judged.case_id,
                "attempt": judged.attempt,
                "ticket": ticket.hex(),
                "block_pick": pick,
                "selected": pick or below,
            }
        )

    def _possible(
        self, received: JudgementReceived, told: ProbabilitySet
    ) -> Iterator[list[Told]]:
        """Yield what the rules ask for; two answers while clocks leave it open."""
        since_close = told.occurred_at - self.revealed.occurred_at
        inputs = Inputs(
            judged=received.judged,
            ordinal=received.ordinal,
            rules=self.rules,
            published_at=self.plan.occurred_at,
            charts=self.charts,
            widened_ppm=self.widened_ppm,
            standing_ppm=self.standing_ppm,
            sizes=self.sizes,
            gaps=self.gaps,
            remarked=self.remarked,
            is_for_release=received.judged.judgement_id in self.for_release,
            is_changed=received.judged.judgement_id in self.changes.sampled,
        )
        if since_close <= CLOCK_TOLERANCE:
            yield asked_for(inputs, is_key_public=False)
        if since_close > -CLOCK_TOLERANCE:
            yield asked_for(inputs, is_key_public=True)

    def asked(self, told: ProbabilitySet) -> list[Told]:
        """Return what each rule asks for where *told* was set; nothing of nothing."""
        received = self.received.get(told.judgement_id)
        if received is None:
            return []
        possible = [*self._possible(received, told)]
        return fitting(possible, (told.probability_ppm, told.rule))

    def block(self, ordinal: int) -> tuple[int, int, int]:
        """Return number, first judgement and size of a block; -1 are the first ones."""
        found = block_of(ordinal, self.rules, self.sizes)
        if found is None:
            return -1, 1, self.rules.first_judgements
        return found[0], ordinal - found[1], found[2]

    def _hidden_place(self, block: int, size: int) -> int:
        for attempt in range(1_000):
            parts = (self.reviewer_id, str(block), str(attempt))
            raw = mac(self.seed, b"block", *(part.encode() for part in parts))
            value = int.from_bytes(raw, "big")
            if value < 2**256 // size * size:
                return value % size
        raise AssertionError
