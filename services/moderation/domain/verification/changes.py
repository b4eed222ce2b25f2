"""Judgements that were taken back, and what came instead, followed a second time.

See the package. What came instead and is of another kind is moderated for certain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.moderation.domain.draw.events import (
    Drawn,
    JudgementReceived,
    RenewalReceived,
    SampledAsChanged,
)
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.rules import Rules
from services.moderation.domain.verification.probability import floors_of


@dataclass(slots=True)
class Changes:
    """What came instead, and what has to be moderated because of it."""

    rules: Rules
    renewed: dict[UUID, JudgedCase] = field(default_factory=dict)
    aside: set[UUID] = field(default_factory=set)
    """What was set aside for a conflict."""
    sampled: set[UUID] = field(default_factory=set)
    due: set[UUID] = field(default_factory=set)

    def renew(
        self,
        fact: RenewalReceived,
        received: Mapping[UUID, JudgementReceived],
        drawn: Mapping[UUID, Drawn],
    ) -> Iterator[str]:
        """Follow what came instead, and yield what is wrong with it."""
        judgement_id = fact.judgement_id
        first = received.get(judgement_id)
        if first is None or first.judged.review_id != fact.judged.review_id:
            yield f"judgement {judgement_id}: something came instead of nothing"
            return
        self.renewed[judgement_id] = fact.judged
        self.aside |= {judgement_id} if fact.follows_conflict else set()
        self.draw(first, drawn.get(judgement_id))

    def draw(self, first: JudgementReceived, last: Drawn | None) -> None:
        """Note whether a judgement must be drawn again, after its last draw."""
        judgement_id = first.judged.judgement_id
        if last is not None and not last.selected and self._because(first):
            self.due.add(judgement_id)

    def sample(
        self, fact: SampledAsChanged, received: Mapping[UUID, JudgementReceived]
    ) -> Iterator[str]:
        """Follow what is moderated because it changed; yield what is wrong with it."""
        first = received.get(fact.judgement_id)
        because = self._because(first) if first else ()
        if not because or fact.because != because:
            yield f"judgement {fact.judgement_id}: it changed otherwise than is said"
        self.sampled.add(fact.judgement_id)

    def missed(self, drawn: Mapping[UUID, Drawn]) -> Iterator[str]:
        """Yield what changed, and was left out all the same."""
        for judgement_id in sorted(self.due):
            if not drawn[judgement_id].selected:
                yield f"judgement {judgement_id}: changed, and not moderated"

    def _because(self, first: JudgementReceived) -> tuple[str, ...]:
        later = self.renewed.get(first.judged.judgement_id)
        if later is None:
            return ()
        before = {rule for _, rule in floors_of(first.judged, self.rules)}
        after = {rule for _, rule in floors_of(later, self.rules)}
        one = before.symmetric_difference(after)
        named = [floor.rule for floor in self.rules.floors if floor.rule in one]
        if later.outcome != first.judged.outcome:
            named.insert(0, "outcome")
        if first.judged.judgement_id in self.aside:
            named.insert(0, "conflict")
        return tuple(named)
