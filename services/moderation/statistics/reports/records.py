"""Judgements of a cohort with what came of them, folded from its events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from services.moderation.domain.blocks import SizeChange, block_of
from services.moderation.domain.decisions import (
    FeedbackAmended,
    Overturned,
    Rejudged,
    ReturnOrdered,
    Upheld,
)
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    Drawn,
    JudgementReceived,
    ProbabilitySet,
    RenewalReceived,
    StandingApplied,
)
from services.moderation.domain.draw.seeded import SeedJudged
from services.moderation.domain.events import BlindJudgementRecorded, Opened
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import CaseWithdrawn
from services.moderation.domain.plan.events import Plan, PlanPublished, ReviewerJoined
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.statistics.reports.charted import Change, Charts, Point
from shared.decider import Fact
from shared.vocabulary import CRITERIA, CriterionKey, Level, Outcome

T = TypeVar("T")

_MARKS_OF_OTHERS = ("reviewer", "levels", "outcome", "feedback", "first_mark")
"""Fields a second marker must not have seen for the pair to be blind."""


@dataclass(frozen=True, slots=True)
class BlindMark:
    """What a moderator gave a case, seeing no other mark."""

    moderator_id: str
    levels: Mapping[CriterionKey, Level]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement of a reviewer, its draw, and what moderation made of it."""

    judged: JudgedCase
    """Or what came from the same reviewer instead of it."""
    ordinal: int
    probability_ppm: int | None = None
    """Of the first draw. What is drawn again, because of what was seen since, has no
    weight: it would count twice."""
    rule: str | None = None
    is_sampled: bool = False
    """Whether the first draw selected it."""
    is_selected: bool | None = None
    is_block_pick: bool = False
    block_size: int = 1
    """How many judgements its block has; 1 where it is no hidden pick."""
    blind: tuple[BlindMark, ...] = ()
    standing: Outcome | None = None
    """The outcome after a return; None while the reviewer's first one stands."""
    final: Outcome | None = None
    """The outcome that moderation settled; None before."""
    is_returned: bool = False
    is_overturned: bool = False
    is_withdrawn: bool = False
    is_anothers: bool = False
    """It was taken back, and somebody else judged instead: no mark to compare."""

    @property
    def reviewer_id(self) -> str:
        """Who judged."""
        return self.judged.reviewer_id

    @property
    def inclusion(self) -> float:
        """The probability with which it was drawn."""
        return (self.probability_ppm or PARTS_PER_MILLION) / PARTS_PER_MILLION

    @property
    def is_first(self) -> bool:
        """Whether it was among the first of its reviewer, which are all drawn."""
        return self.rule == "first_judgements"

    @property
    def is_official(self) -> bool:
        """Whether it was drawn without regard to what was seen before."""
        return self.is_first or self.is_block_pick

    @property
    def is_settled(self) -> bool:
        """Whether moderation has decided about it, as its reviewer's."""
        return self.final is not None and not self.is_anothers

    @property
    def is_wrong(self) -> bool:
        """Whether its outcome did not stand after adjudication."""
        return self.is_settled and (
            self.is_overturned or self.final != self.judged.outcome
        )

    @property
    def gaps(self) -> tuple[int, ...]:
        """Reviewer minus first moderator, criterion by criterion, in levels."""
        first = self.blind[0]
        return tuple(self.judged.levels[key] - first.levels[key] for key in CRITERIA)


@dataclass(frozen=True, slots=True)
class Records:
    """Everything a report is made of."""

    plan: Plan | None = None
    judgements: tuple[Judgement, ...] = ()
    """By reviewer, then in the order of arrival."""
    points: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    """Of the charts of each reviewer, in the order of settlement."""
    changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    """Of the standing of each reviewer."""

    @property
    def sampled(self) -> tuple[Judgement, ...]:
        """Pairs that the first draw selected: they stand for all judgements."""
        return tuple(each for each in self.paired if each.is_sampled)

    @property
    def paired(self) -> tuple[Judgement, ...]:
        """Drawn judgements with a blind second one."""
        return tuple(
            each for each in self.judgements if each.blind and not each.is_anothers
        )


@dataclass(slots=True)
class _Folding:
    """What is known so far; local to one call of `records_of`."""

    plan: Plan | None = None
    judgements: dict[UUID, Judgement] = field(default_factory=dict)
    open: dict[str, UUID] = field(default_factory=dict)
    """The judgement that is moderated in each stream of a case."""
    reviewers: dict[str, str] = field(default_factory=dict)
    """Whose draws a stream holds."""
    results: dict[str, int | None] = field(default_factory=dict)
    """By reviewer how many moderated results they had when they joined."""
    sizes: dict[str, list[SizeChange]] = field(default_factory=dict)
    """Changes of the size of blocks, by stream."""
    charts: Charts = field(default_factory=Charts)

    def by_reviewer(self, by_stream: Mapping[str, T]) -> dict[str, T]:
        """Return what is known of streams of draws under their reviewers."""
        return {
            who: by_stream[stream]
            for stream, who in self.reviewers.items()
            if stream in by_stream
        }


def records_of(facts: Iterable[tuple[str, Fact]]) -> Records:
    """Return the judgements in *facts*, each with its stream, in the log's order."""
    folding = _Folding()
    for stream, fact in facts:
        match fact:
            case PlanPublished():
                folding.plan = fact.plan
            case ReviewerJoined():
                folding.results[fact.reviewer_id] = fact.results_before
            case JudgementReceived() | ProbabilitySet() | Drawn():
                _draw(folding, stream, fact)
            case RenewalReceived():
                _renew(folding.judgements, fact)
            case DifferenceNoted() | SeedJudged() | AlarmRaised() | StandingApplied():
                _chart(folding, stream, fact)
            case Opened():
                folding.open[stream] = fact.judged.judgement_id
            case _:
                _moderate(folding, stream, fact)
    found = sorted(
        folding.judgements.values(), key=lambda each: (each.reviewer_id, each.ordinal)
    )
    placed = _Placing(folding.plan, folding.by_reviewer(folding.sizes), folding.results)
    return Records(
        plan=folding.plan,
        judgements=tuple(placed.in_block(each) for each in found),
        points=folding.by_reviewer(folding.charts.points),
        changes=folding.by_reviewer(folding.charts.changes),
    )


def _chart(
    folding: _Folding,
    stream: str,
    fact: DifferenceNoted | SeedJudged | AlarmRaised | StandingApplied,
) -> None:
    folding.charts.see(stream, fact)
    if isinstance(fact, StandingApplied):
        change = fact.from_ordinal, fact.block_size
        folding.sizes.setdefault(stream, []).append(change)


@dataclass(frozen=True, slots=True)
class _Placing:
    """What says in which block a judgement stands."""

    plan: Plan | None
    changes: Mapping[str, Sequence[SizeChange]]
    results: Mapping[str, int | None]

    def in_block(self, judgement: Judgement) -> Judgement:
        """Return *judgement*, a hidden pick with the size of its block."""
        if self.plan is None or not judgement.is_block_pick:
            return judgement
        rules = self.plan.drawn_by.of_reviewer(self.results.get(judgement.reviewer_id))
        block = block_of(
            judgement.ordinal,
            first_judgements=rules.first_judgements,
            block_size=rules.block_size,
            changes=self.changes.get(judgement.reviewer_id, ()),
        )
        return replace(judgement, block_size=block.size) if block else judgement


def _draw(
    folding: _Folding, stream: str, fact: JudgementReceived | ProbabilitySet | Drawn
) -> None:
    known = folding.judgements
    match fact:
        case JudgementReceived():
            judgement = Judgement(fact.judged, fact.ordinal)
            known[fact.judged.judgement_id] = judgement
            folding.reviewers[stream] = judgement.reviewer_id
        case ProbabilitySet():
            judgement = known[fact.judgement_id]
            if judgement.probability_ppm is None:
                known[fact.judgement_id] = replace(
                    judgement, probability_ppm=fact.probability_ppm, rule=fact.rule
                )
        case Drawn():
            judgement = known[fact.judgement_id]
            is_first_draw = judgement.is_selected is None
            known[fact.judgement_id] = replace(
                judgement,
                is_selected=fact.selected or judgement.is_selected is True,
                is_sampled=fact.selected if is_first_draw else judgement.is_sampled,
                is_block_pick=fact.block_pick or judgement.is_block_pick,
            )


def _renew(known: dict[UUID, Judgement], fact: RenewalReceived) -> None:
    """Compare what stands: a judgement that was taken back is nobody's last word."""
    judgement = known[fact.judgement_id]
    is_theirs = fact.judged.reviewer_id == judgement.reviewer_id
    known[fact.judgement_id] = (
        replace(judgement, judged=fact.judged, is_anothers=False)
        if is_theirs
        else replace(judgement, is_anothers=True)
    )


def _moderate(folding: _Folding, stream: str, fact: Fact) -> None:
    """Fold a fact of a case into the drawn judgement it is about.

    A fresh review after an appeal is no part of the sample, so nothing is known of it.
    """
    about = folding.open.get(stream)
    judgement = folding.judgements.get(about) if about else None
    if about is None or judgement is None:
        return
    folding.judgements[about] = _moderated(judgement, fact)


def _moderated(judgement: Judgement, fact: Fact) -> Judgement:
    match fact:
        case BlindJudgementRecorded():
            return _second_mark(judgement, fact)
        case Rejudged(judged=judged):
            return replace(judgement, standing=judged.outcome)
        case ReturnOrdered():
            return replace(judgement, is_returned=True)
        case CaseWithdrawn():
            return replace(judgement, is_withdrawn=True)
        case _:
            return _decided(judgement, fact)


def _decided(judgement: Judgement, fact: Fact) -> Judgement:
    match fact:
        case Upheld() | FeedbackAmended():
            final = judgement.standing or judgement.judged.outcome
            return replace(judgement, final=final)
        case Overturned(outcome=outcome):
            return replace(judgement, final=outcome, is_overturned=True)
        case _:
            return judgement


def _second_mark(judgement: Judgement, fact: BlindJudgementRecorded) -> Judgement:
    """Return *judgement* with the mark, if it was given without sight of another."""
    if any(name.startswith(_MARKS_OF_OTHERS) for name in fact.visible.fields):
        return judgement
    mark = BlindMark(fact.moderator_id, dict(fact.levels), fact.outcome)
    return replace(judgement, blind=(*judgement.blind, mark))
