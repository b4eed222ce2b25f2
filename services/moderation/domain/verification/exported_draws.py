"""A reviewer's draws in the export; docs/draws.md says what each field means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    ProbabilitySet,
    RemarkAllOrdered,
    SampledAsChanged,
    SampledForRelease,
    SampleWidened,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import SeedPlaced, SeedWithheld
from services.moderation.domain.inclusion import told_of
from services.moderation.domain.verification.walk import Walk

Placed: TypeAlias = tuple[int, DrawEvent]
"""Where in the log, and the fact."""
Told: TypeAlias = dict[str, Any]

ASKING: Mapping[type[DrawEvent], str] = {
    SampleWidened: "widened",
    StandingApplied: "standing",
    RemarkAllOrdered: "remark_all",
    SampledForRelease: "release",
    SampledAsChanged: "changed",
}
"""After what something that was skipped may be drawn again, in the export's words."""
UNDRAWN: Told = {
    "again": None,
    "asked": [],
    "probability_ppm": None,
    "rule": None,
    "ticket": None,
    "block_pick": None,
    "selected": None,
}
"""Of a judgement that arrived and was not drawn, as none should be."""


class ExportedDraws:
    """What is exported about one reviewer, followed fact by fact."""

    def __init__(self, walk: Walk) -> None:
        """Begin before the first fact."""
        self.walk = walk
        self.received: dict[UUID, tuple[int, Told]] = {}
        """By judgement where it arrived, and all that is known of it at once."""
        self.first: dict[UUID, Told] = {}
        self.entries: list[tuple[int, Told]] = []
        self._asking: str | None = None

    def follow(self, facts: Sequence[Placed]) -> list[tuple[int, Told]]:
        """Return position and content of every draw, each where its judgement arrived.

        What is drawn again stands where it is drawn.
        """
        before: DrawEvent | None = None
        for position, fact in facts:
            self._take(position, fact, before)
            for _ in self.walk.follow(fact, before):
                pass  # what is wrong is for the check of the log to say
            if isinstance(fact, JudgementReceived):
                self._receive(position, fact)
            before = fact
        drawn = [
            (position, known | self.first.get(each, UNDRAWN))
            for each, (position, known) in self.received.items()
        ]
        return [*drawn, *self.entries, *self._seeds(facts)]

    def ordinals(self) -> dict[UUID, int]:
        """Return the number of every judgement."""
        return {each: known["ordinal"] for each, (_, known) in self.received.items()}

    def _receive(self, position: int, fact: JudgementReceived) -> None:
        number, begins, size = self.walk.block(fact.ordinal)
        known = self._entry("draw", fact.judged.judgement_id, fact.ordinal)
        known["judged"] = dict(told_of(fact.judged))
        known["block"] = {"number": number, "from": begins, "size": size}
        self.received[fact.judged.judgement_id] = position, known

    def _take(self, position: int, fact: DrawEvent, before: DrawEvent | None) -> None:
        """Take up a draw, and what may ask for one again."""
        is_new = isinstance(fact, JudgementReceived)
        self._asking = None if is_new else ASKING.get(type(fact), self._asking)
        if not isinstance(fact, Drawn):
            return
        drawn = self._drawn(fact, before)
        if fact.judgement_id in self.received and fact.judgement_id not in self.first:
            self.first[fact.judgement_id] = {**drawn, "again": None}
            return
        nowhere = {"number": None, "from": 0, "size": 0}
        nothing = self._entry("draw", fact.judgement_id, None)
        nothing |= {"judged": {}, "block": nowhere}
        _, known = self.received.get(fact.judgement_id, (0, nothing))
        self.entries.append((position, {**known, **drawn, "again": self._asking}))

    def _drawn(self, fact: Drawn, before: DrawEvent | None) -> Told:
        """Return a draw with the probability set right before it; none without one."""
        told = before if isinstance(before, ProbabilitySet) else None
        if told is not None and told.judgement_id != fact.judgement_id:
            told = None
        asked = self.walk.asked(told) if told else []
        return {
            "asked": [[rule, ppm] for ppm, rule in asked],
            "probability_ppm": told.probability_ppm if told else None,
            "rule": told.rule if told else None,
            "ticket": fact.ticket,
            "block_pick": fact.block_pick,
            "selected": fact.selected,
        }

    def _entry(self, kind: str, judgement_id: UUID, ordinal: int | None) -> Told:
        told = {"fact": kind, "reviewer": self.walk.reviewer_id}
        return {**told, "judgement": str(judgement_id), "ordinal": ordinal}

    def _seeds(self, facts: Sequence[Placed]) -> Iterator[tuple[int, Told]]:
        """Yield every draw of a seed, also where the ticket asked for none."""
        rules, seeds = self.walk.rules.seeds, self.walk.seeds
        if rules is None:
            return
        ordinals, recorded = self.ordinals(), set[UUID]()
        asked = [["seeds", rules.rate_ppm]]
        chance: Told = {"asked": asked, "probability_ppm": rules.rate_ppm}
        chance["rule"] = "seeds"
        for position, fact in facts:
            if isinstance(fact, SeedPlaced | SeedWithheld):
                recorded.add(fact.after)
                known = self._entry("seed", fact.after, ordinals.get(fact.after))
                yield position, {**known, **chance, **_seed(fact)}
        for position, fact in facts:
            if not isinstance(fact, JudgementReceived) or not seeds.is_certain(fact):
                continue
            if (name := fact.judged.judgement_id) not in recorded:
                known = self._entry("seed", name, fact.ordinal)
                ticket = seeds.ticket(name).hex()
                yield position, {**known, **chance, **NO_SEED, "ticket": ticket}


NO_SEED: Told = {
    "selected": False,
    "seed": None,
    "candidates": [],
    "withheld_because": None,
}


def _seed(fact: SeedPlaced | SeedWithheld) -> Told:
    told = {**NO_SEED, "ticket": fact.ticket, "selected": True}
    if isinstance(fact, SeedWithheld):
        return {**told, "withheld_because": fact.because}
    return {**told, "seed": fact.seed_id, "candidates": [*fact.candidates]}
