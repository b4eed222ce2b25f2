"""Judgements of a cohort with what came of them, folded from its events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from services.moderation.domain.blocks import SizeChange, block_of
from services.moderation.domain.deciding import Settles
from services.moderation.domain.decisions import Rejudged, ReturnOrdered
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
from services.moderation.domain.events import (
    BlindJudgementRecorded,
    Compared,
    Opened,
)
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionProbabilitySet,
)
from services.moderation.domain.outcomes import CaseWithdrawn
from services.moderation.domain.plan.events import Plan, PlanPublished, ReviewerJoined
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.events import (
    NotQualified,
    QualificationBegun,
    QualificationEnded,
    QualificationEvent,
    QualificationSeedJudged,
    QualificationSeedsLacking,
    QualificationSeedsPlaced,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.seeds.qualification.evolve import INITIAL as NO_COURSES
from services.moderation.domain.seeds.qualification.evolve import Qualifications
from services.moderation.statistics.reports.charted import Charts
from services.moderation.statistics.reports.judgements import (
    BlindMark,
    Judgement,
    Records,
)
from services.moderation.statistics.reports.seconds import Seconds
from shared.decider import Fact

T = TypeVar("T")

_MARKS_OF_OTHERS = ("reviewer", "levels", "outcome", "feedback", "first_mark")
"""Fields a second marker must not have seen for the pair to be blind."""


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
    seconds: Seconds = field(default_factory=Seconds)
    courses: dict[str, Qualifications] = field(default_factory=dict)
    """By reviewer."""

    def with_seconds(self) -> Iterator[Judgement]:
        """Yield every judgement with the draw of its second opinion."""
        for judgement_id, each in self.judgements.items():
            yield replace(
                each,
                second_ppm=self.seconds.chances.get(judgement_id),
                is_second_drawn=judgement_id in self.seconds.drawn,
            )

    def by_moderator(self, by_stream: Mapping[str, T]) -> dict[str, T]:
        """Return what is known of streams of second opinions under their moderators."""
        cohort = self.plan.cohort_id if self.plan else ""
        return {
            stream.removeprefix(f"opinion-{cohort}."): each
            for stream, each in by_stream.items()
        }

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
            case JudgementReceived() | ProbabilitySet() | Drawn() | RenewalReceived():
                _draw(folding, stream, fact)
            case DifferenceNoted() | SeedJudged() | AlarmRaised() | StandingApplied():
                _chart(folding, stream, fact)
            case (
                OpinionProbabilitySet()
                | OpinionDrawn()
                | ModeratorDifferenceNoted()
                | ModeratorAlarmRaised()
                | ModeratorStandingApplied()
                | QualificationBegun()
                | QualificationSeedsPlaced()
                | QualificationSeedsLacking()
                | QualificationSeedJudged()
                | Qualified()
                | NotQualified()
                | QualificationStopped()
                | QualificationEnded()
            ):
                _beside(folding, stream, fact)
            case Opened():
                folding.open[stream] = fact.judged.judgement_id
            case _:
                _moderate(folding, stream, fact)
    found = sorted(
        folding.with_seconds(), key=lambda each: (each.reviewer_id, each.ordinal)
    )
    placed = _Placing(folding.plan, folding.by_reviewer(folding.sizes), folding.results)
    return Records(
        plan=folding.plan,
        judgements=tuple(placed.in_block(each) for each in found),
        points=folding.by_reviewer(folding.charts.points),
        changes=folding.by_reviewer(folding.charts.changes),
        moderator_points=folding.by_moderator(folding.seconds.charts.points),
        moderator_changes=folding.by_moderator(folding.seconds.charts.changes),
        courses=dict(sorted(folding.courses.items())),
    )


def _beside(
    folding: _Folding,
    stream: str,
    fact: OpinionProbabilitySet
    | OpinionDrawn
    | ModeratorDifferenceNoted
    | ModeratorAlarmRaised
    | ModeratorStandingApplied
    | QualificationEvent,
) -> None:
    """Take in what is beside the draws of reviewers: second opinions, and courses."""
    match fact:
        case (
            OpinionProbabilitySet()
            | OpinionDrawn()
            | ModeratorDifferenceNoted()
            | ModeratorAlarmRaised()
            | ModeratorStandingApplied()
        ):
            folding.seconds.see(stream, fact)
        case _:
            _course(folding, fact)


def _course(folding: _Folding, fact: QualificationEvent) -> None:
    known = folding.courses.get(fact.reviewer_id, NO_COURSES)
    folding.courses[fact.reviewer_id] = qualification.evolve(known, fact)


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
    folding: _Folding,
    stream: str,
    fact: JudgementReceived | ProbabilitySet | Drawn | RenewalReceived,
) -> None:
    known = folding.judgements
    match fact:
        case RenewalReceived():
            _renew(known, fact)
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
    if isinstance(fact, Compared):
        folding.judgements[about] = _compared(judgement, fact, folding.plan)
    else:
        folding.judgements[about] = _moderated(judgement, fact)


def _compared(judgement: Judgement, fact: Compared, plan: Plan | None) -> Judgement:
    """Return *judgement*, disputed for good once its first moderator differs."""
    widest = max(abs(gap) for gap in fact.level_gaps.values())
    is_wide = plan is not None and widest >= plan.drawn_by.criterion_gap
    is_disputed = fact.number == 1 and (fact.outcome_differs or is_wide)
    return replace(judgement, is_disputed=judgement.is_disputed or is_disputed)


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
        case Settles(new_outcome=new):
            final = new or judgement.standing or judgement.judged.outcome
            is_overturned = judgement.is_overturned or new is not None
            return replace(judgement, final=final, is_overturned=is_overturned)
        case _:
            return judgement


def _second_mark(judgement: Judgement, fact: BlindJudgementRecorded) -> Judgement:
    """Return *judgement* with the mark, if it was given without sight of another."""
    if any(name.startswith(_MARKS_OF_OTHERS) for name in fact.visible.fields):
        return judgement
    mark = BlindMark(fact.moderator_id, dict(fact.levels), fact.outcome)
    return replace(judgement, blind=(*judgement.blind, mark))
