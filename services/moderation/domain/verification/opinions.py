"""Second opinions about moderators, derived a second time; see the package."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
)
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
)
from services.moderation.domain.plan.events import KeyRevealed, PlanPublished
from services.moderation.domain.verification.charts import Charts
from services.moderation.domain.verification.digests import mac
from services.moderation.domain.verification.probability import (
    Told,
    fitting,
    largest,
)
from services.moderation.domain.verification.seeds import CLOCK_TOLERANCE
from shared.carrying import carry

Opinions: TypeAlias = Mapping[str, Sequence[OpinionEvent]]
"""The facts of each ``opinion-`` stream, by moderator, in the order of the log."""


@dataclass(slots=True)
class OpinionWalk:
    """The facts about one moderator, followed one by one."""

    moderator_id: str
    plan: PlanPublished
    revealed: KeyRevealed
    seed: bytes
    charts: Charts = field(init=False)
    standing_ppm: int = 0
    drawn: dict[UUID, bool] = field(default_factory=dict)
    drawn_at: dict[UUID, datetime] = field(default_factory=dict)
    """When they judged first, by judgement."""
    noted: dict[UUID, ModeratorDifferenceNoted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the charts of the plan."""
        self.charts = Charts(self.plan.plan.drawn_by.detection)

    def findings(self, facts: Iterable[OpinionEvent]) -> Iterator[str]:
        """Yield what is wrong, in the order of the facts."""
        for found in self._followed(facts):
            yield f"moderator {self.moderator_id}: {found}"

    def _followed(self, facts: Iterable[OpinionEvent]) -> Iterator[str]:
        before: OpinionEvent | None = None
        for fact in facts:
            if not isinstance(fact, ModeratorAlarmRaised):
                yield from self.charts.missed()
            yield from self.follow(fact, before)
            before = fact
        yield from self.charts.missed()
        if isinstance(before, OpinionProbabilitySet):
            yield f"judgement {before.judgement_id}: no second opinion is drawn"

    def follow(self, fact: OpinionEvent, before: OpinionEvent | None) -> Iterator[str]:
        """Yield what is wrong with one fact; *before* is the one before it."""
        match fact:
            case OpinionDrawn(judgement_id=judgement_id):
                is_repeated = judgement_id in self.drawn
                if is_repeated or fact != self._expected(fact, before):
                    yield f"judgement {judgement_id}: not drawn as committed"
                self.drawn[judgement_id] = fact.selected
                self.drawn_at[judgement_id] = fact.occurred_at
            case ModeratorDifferenceNoted():
                self.noted[fact.judgement_id] = fact
                seen = carry(fact, DifferenceNoted, overturned=fact.outcome_differs)
                yield from self.charts.check_age(seen, self._judged_at(fact))
                yield from self.charts.note(seen)
            case ModeratorAlarmRaised():
                yield from self.charts.alarmed(carry(fact, AlarmRaised))
            case ModeratorStandingApplied():
                yield from self._apply(fact)
            case OpinionProbabilitySet():
                pass
            case _:
                assert_never(fact)

    def _apply(self, fact: ModeratorStandingApplied) -> Iterator[str]:
        standings = self.plan.plan.drawn_by.standings
        wanted = standings.of(fact.standing).least_ppm if standings else 0
        if fact.least_ppm != wanted:
            yield f"standing {fact.standing}: not what the plan says of it"
        self.standing_ppm = fact.least_ppm
        if fact.charts_from is not None:
            for wrong in self.charts.begin_anew(fact.charts_from, fact.occurred_at):
                yield f"standing {fact.standing}: {wrong}"

    def _judged_at(self, fact: ModeratorDifferenceNoted) -> list[datetime]:
        """Return when they judged; nothing of who was first and not drawn."""
        if fact.place == "second":
            return [fact.occurred_at]
        known = self.drawn_at.get(fact.judgement_id)
        return [known] if known else []

    def _expected(
        self, drawn: OpinionDrawn, before: OpinionEvent | None
    ) -> OpinionDrawn | None:
        """Return the draw as it must be; None when nothing proper preceded it."""
        if not isinstance(before, OpinionProbabilitySet):
            return None
        ppm = before.probability_ppm
        possible = [largest(each) for each in self._possible(before)]
        if (ppm, before.rule) not in possible:
            return None
        name = str(before.judgement_id).encode()
        ticket = mac(self.seed, b"ticket", b"second-opinion", name)
        selected = int.from_bytes(ticket, "big") * 1_000_000 < ppm * 2**256
        return OpinionDrawn(
            judgement_id=before.judgement_id,
            case_id=before.case_id,
            attempt=before.attempt,
            ticket=ticket.hex(),
            selected=selected,
            occurred_at=drawn.occurred_at,
        )

    def asked(self, told: OpinionProbabilitySet) -> list[Told]:
        """Return what each rule asks for where *told* was set; nothing of nothing."""
        possible = [*self._possible(told)]
        return fitting(possible, (told.probability_ppm, told.rule))

    def _possible(self, told: OpinionProbabilitySet) -> Iterator[list[Told]]:
        """Yield what the rules ask for; two answers while clocks leave it open."""
        least = self.plan.plan.drawn_by.second_opinions_ppm
        if not least:
            return
        asked = [
            (least, "second_opinions"),
            (self.charts.adaptive_ppm(least), "adaptive"),
            (self.standing_ppm, "standing"),
        ]
        asked = [each for each in asked if each[0]]
        since_close = told.occurred_at - self.revealed.occurred_at
        if since_close <= CLOCK_TOLERANCE:
            yield asked
        if since_close > -CLOCK_TOLERANCE:
            yield [*asked, (1_000_000, "key_revealed")]


def check_together(
    walks: Sequence[OpinionWalk],
    draws: Iterable[DrawEvent],
    plan: PlanPublished,
) -> Iterator[str]:
    """Yield what is wrong between moderators, and beside the draws of reviewers.

    Each settled judgement has one draw of a second opinion. Where it was selected both
    moderators are compared, each as the mirror of the other.
    """
    moderated, settled = _moderated(draws)
    by_judgement: dict[UUID, list[OpinionWalk]] = {}
    for walk in walks:
        for judgement_id in walk.drawn.keys() | walk.noted.keys():
            by_judgement.setdefault(judgement_id, []).append(walk)
    wanted = settled if plan.plan.drawn_by.second_opinions_ppm else set[UUID]()
    for judgement_id in sorted(by_judgement.keys() | wanted):
        found = by_judgement.get(judgement_id, ())
        checked = _check_one(
            judgement_id, found, is_settled=judgement_id in settled & wanted
        )
        for finding in checked:
            yield f"judgement {judgement_id}: {finding}"
        if judgement_id not in moderated:
            yield f"judgement {judgement_id}: a second opinion, but no selection"


def _moderated(draws: Iterable[DrawEvent]) -> tuple[set[UUID], set[UUID]]:
    """Return the judgements that were selected, and those that were settled."""
    moderated, settled = set[UUID](), set[UUID]()
    for fact in draws:
        if isinstance(fact, Drawn) and fact.selected:
            moderated.add(fact.judgement_id)
        if isinstance(fact, DifferenceNoted):
            settled.add(fact.judgement_id)
    return moderated, settled


def _check_one(
    judgement_id: UUID, walks: Sequence[OpinionWalk], *, is_settled: bool
) -> Iterator[str]:
    firsts = [walk for walk in walks if judgement_id in walk.drawn]
    notes = [walk for walk in walks if judgement_id in walk.noted]
    if len(firsts) > 1 or (is_settled and not firsts):
        yield "not one second opinion is drawn"
    is_selected = any(walk.drawn[judgement_id] for walk in firsts)
    if not notes and not (is_selected and is_settled):
        return
    told = {walk.noted[judgement_id].place: walk for walk in notes}
    if not is_selected or len(notes) != len(told) or told.keys() != {"first", "second"}:
        yield "its moderators are not compared as drawn"
        return
    first, second = (told[place].noted[judgement_id] for place in ("first", "second"))
    is_mirrored = (
        first.level_difference == -second.level_difference
        and first.absolute_difference == second.absolute_difference
        and first.outcome_differs == second.outcome_differs
    )
    if not is_mirrored or told["first"] not in firsts:
        yield "its moderators do not differ by the same"
