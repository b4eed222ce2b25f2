"""Judgements of a cohort with what came of them, and everything a report is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.plan.events import Plan
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.domain.seeds.qualification.evolve import Qualifications
from services.moderation.statistics.reports.charted import Change, Point
from shared.vocabulary import CRITERIA, CriterionKey, Level, Outcome


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
    is_disputed: bool = False
    """The first moderator differed so much that a second one was called."""
    second_ppm: int | None = None
    """How likely a second moderator was drawn; None under a plan that draws none."""
    is_second_drawn: bool = False

    @property
    def reviewer_id(self) -> str:
        """Who judged."""
        return self.judged.reviewer_id

    @property
    def inclusion(self) -> float:
        """The probability with which it was drawn."""
        return (self.probability_ppm or PARTS_PER_MILLION) / PARTS_PER_MILLION

    @property
    def inclusion_of_both(self) -> float:
        """The probability that two moderators judged it."""
        chance = PARTS_PER_MILLION if self.is_disputed else self.second_ppm
        return self.inclusion * (chance or PARTS_PER_MILLION) / PARTS_PER_MILLION

    @property
    def is_first(self) -> bool:
        """Whether it was among the first of its reviewer, which are all drawn."""
        return self.rule == "first_judgements"

    @property
    def is_official(self) -> bool:
        """Whether it was drawn without regard to what was seen before."""
        return self.is_first or self.is_block_pick

    @property
    def is_sampled_pair(self) -> bool:
        """Whether it has a blind second mark by which it stands for others too."""
        return bool(self.blind) and self.is_sampled and not self.is_anothers

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
    moderator_points: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    """Of the charts of each moderator, in the order of comparison."""
    moderator_changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    courses: Mapping[str, Qualifications] = field(default_factory=dict)
    """By which each reviewer qualified, or did not, in the order of their ids."""

    @property
    def has_second_opinions(self) -> bool:
        """Whether the plan has some judged twice that are not disputed."""
        return self.plan is not None and self.plan.drawn_by.second_opinions_ppm > 0

    @property
    def judged_by_two(self) -> tuple[Judgement, ...]:
        """Pairs that two moderators judged, as drawn or as disputed."""
        return tuple(
            each
            for each in self.sampled
            if len(each.blind) > 1 and (each.is_disputed or each.is_second_drawn)
        )

    @property
    def sampled(self) -> tuple[Judgement, ...]:
        """Pairs that the first draw selected: they stand for all judgements."""
        return tuple(each for each in self.judgements if each.is_sampled_pair)

    @property
    def paired(self) -> tuple[Judgement, ...]:
        """Drawn judgements with a blind second one."""
        return tuple(
            each for each in self.judgements if each.blind and not each.is_anothers
        )
