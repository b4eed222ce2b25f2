"""Courses by which reviewers qualify, checked a second time; see the package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from services.moderation.domain.draw.events import DrawEvent
from services.moderation.domain.draw.seeded import SeedPlaced
from services.moderation.domain.plan.events import KeyRevealed, PlanPublished
from services.moderation.domain.seeds.qualification.events import (
    NotQualified,
    QualificationBegun,
    QualificationEnded,
    QualificationEvent,
    QualificationSeedJudged,
    QualificationSeedsPlaced,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.verification.digests import mac
from services.moderation.domain.verification.seeds import CLOCK_TOLERANCE
from shared.contracts.programme import QualificationRules

Courses: TypeAlias = Mapping[str, Sequence[QualificationEvent]]
Result: TypeAlias = Qualified | NotQualified | QualificationStopped


@dataclass(slots=True)
class CourseWalk:
    """What one reviewer was given to qualify on, and what must come of it."""

    reviewer_id: str
    rules: QualificationRules | None
    seed: bytes
    revealed_at: datetime
    """From then on sets could be foreseen."""
    seen: set[str] = field(default_factory=set)
    """Seeds that were put before them, in a course or among their work."""
    number: int = 0
    is_open: bool = False
    is_stopped: bool = False
    placed: QualificationSeedsPlaced | None = None
    """The last set of the course."""
    judged: list[QualificationSeedJudged] = field(default_factory=list)
    """Of the last set."""
    cases: set[str] = field(default_factory=set)
    """Of every set of every course, while they are not judged."""
    owed: bool = False
    """A set that counts is judged whole, and no result is recorded."""

    def findings(self, facts: Iterable[QualificationEvent]) -> Iterator[str]:
        """Yield what is wrong with the courses of this reviewer."""
        for fact in facts:
            for each in self._follow(fact):
                yield f"course {fact.number} of {self.reviewer_id}: {each}"
        if self.owed:
            yield f"course {self.number} of {self.reviewer_id}: its result is missing"

    def _follow(self, fact: QualificationEvent) -> Iterator[str]:
        if self.owed and not isinstance(fact, Result):
            yield "its result is missing"
            self.owed = False
        match fact:
            case QualificationBegun():
                yield from self._begin(fact)
            case QualificationSeedsPlaced():
                yield from self._place(fact)
            case QualificationSeedJudged():
                yield from self._judge(fact)
            case Qualified() | NotQualified() | QualificationStopped():
                yield from self._result(fact)
            case QualificationEnded():
                self.is_open = False
            case _:
                return

    def _begin(self, fact: QualificationBegun) -> Iterator[str]:
        if fact.rules != self.rules:
            yield "its rules are not the plan's"
        if self.is_open or self.is_stopped or fact.number != self.number + 1:
            yield "begun while another goes on, after the last chance, or out of turn"
        self.number, self.is_open = fact.number, True
        self.placed, self.judged = None, []

    def _place(self, fact: QualificationSeedsPlaced) -> Iterator[str]:
        rules, expected = self.rules, self._expected()
        if rules is None or not self.is_open or (fact.kind, fact.round) != expected:
            yield "another set was to come, or none"
        if fact.occurred_at > self.revealed_at + CLOCK_TOLERANCE:
            yield "a set was chosen when the key was public"
        count = len(fact.placed)
        if rules and count != (rules.qualify if fact.round else rules.practice):
            yield "a set of another size than the plan says"
        chosen = [each.seed_id for each in fact.placed]
        ranked = sorted(set(fact.candidates), key=lambda each: self._rank(fact, each))
        if chosen != ranked[:count]:
            yield "others of the candidates were to be placed"
        if self.seen & set(chosen):
            yield "the same seed was put before them before"
        self.seen |= set(chosen)
        self.cases |= {each.case_id for each in fact.placed}
        self.placed, self.judged = fact, []

    def _expected(self) -> tuple[str, int] | None:
        """Return kind and round of the set that comes next; None while one lasts."""
        if self.placed is None:
            has_practice = self.rules is not None and self.rules.practice
            return ("practice", 0) if has_practice else ("qualifying", 1)
        if len(self.judged) < len(self.placed.placed):
            return None
        return ("qualifying", self.placed.round + 1)

    def _judge(self, fact: QualificationSeedJudged) -> Iterator[str]:
        if fact.case_id not in self.cases:
            yield f"seed {fact.seed_id}: judged, but not placed, or twice"
        self.cases.discard(fact.case_id)
        if self.placed is None or fact.number != self.number or not self.is_open:
            return
        own = {each.case_id: each.seed_id for each in self.placed.placed}
        if own.get(fact.case_id) != fact.seed_id:
            yield f"seed {fact.seed_id}: judged as another case"
        self.judged.append(fact)
        is_whole = len(self.judged) == len(self.placed.placed)
        self.owed = is_whole and self.placed.kind == "qualifying"

    def _result(self, fact: Result) -> Iterator[str]:
        rules, passed = self.rules, sum(each.in_tolerance for each in self.judged)
        kind: type[Result] = QualificationStopped
        if rules is not None and passed >= rules.in_tolerance:
            kind = Qualified
        elif rules is not None and fact.round <= rules.second_chances:
            kind = NotQualified
        last = self.placed.round if self.placed else None
        told = (fact.round, fact.in_tolerance, fact.needed, set(fact.judgements))
        seen = {each.judgement_id for each in self.judged}
        needed = rules.in_tolerance if rules else None
        is_due = self.owed and self.is_open
        if not is_due or told != (last, passed, needed, seen):
            yield "a result that its judgements do not make"
        if not isinstance(fact, kind):
            yield f"{passed} in tolerance make another result"
        self.owed = False
        self.is_open = self.is_open and isinstance(fact, NotQualified)
        self.is_stopped = self.is_stopped or isinstance(fact, QualificationStopped)

    def _rank(self, fact: QualificationSeedsPlaced, seed_id: str) -> tuple[bytes, str]:
        item = f"{self.reviewer_id}.{fact.number}.{fact.round}.{seed_id}".encode()
        return mac(self.seed, b"ticket", b"qualification", item), seed_id


def check_courses(
    courses: Courses,
    draws: Mapping[str, Sequence[DrawEvent]],
    plan: PlanPublished,
    revealed: KeyRevealed,
    seed: bytes,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield what is wrong with the courses of each reviewer; they are no draws."""
    rules = plan.plan.drawn_by.seeds
    for reviewer_id, facts in courses.items():
        walk = CourseWalk(
            reviewer_id,
            rules.qualification if rules else None,
            seed,
            revealed.occurred_at,
            hidden_seeds(draws.get(reviewer_id, ())),
        )
        yield 0, tuple(walk.findings(facts))


def hidden_seeds(facts: Iterable[DrawEvent]) -> set[str]:
    """Return the seeds that were put among somebody's work."""
    return {each.seed_id for each in facts if isinstance(each, SeedPlaced)}
