"""How facts add up to the courses by which somebody qualifies in one cohort."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from services.moderation.domain.seeds.qualification.events import (
    Kind,
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

Result: TypeAlias = Qualified | NotQualified | QualificationStopped


@dataclass(frozen=True, slots=True)
class SeedSet:
    """Seeds that were put before somebody together."""

    fact: QualificationSeedsPlaced
    judged: Mapping[str, QualificationSeedJudged] = field(default_factory=dict)
    """By case."""
    result: Result | None = None
    """None of practice, and before all of it is judged."""

    @property
    def is_done(self) -> bool:
        """Whether all of it is judged."""
        return len(self.judged) == len(self.fact.placed)

    @property
    def in_tolerance(self) -> int:
        """How many of it are in tolerance so far."""
        return sum(each.in_tolerance for each in self.judged.values())


@dataclass(frozen=True, slots=True)
class NextSet:
    """What is to be put before them next."""

    kind: Kind
    round: int
    seeds: int


@dataclass(frozen=True, slots=True)
class Qualification:
    """One course, from its beginning to its end."""

    begun: QualificationBegun
    sets: tuple[SeedSet, ...] = ()
    lacking: QualificationSeedsLacking | None = None
    """Of the next set, while it cannot be made up."""
    end: Qualified | QualificationStopped | QualificationEnded | None = None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.end is None

    @property
    def next_set(self) -> NextSet | None:
        """What comes next; None while a set is judged, and at the end."""
        if self.end is not None or not all(each.is_done for each in self.sets):
            return None
        rules = self.begun.rules
        if not self.sets and rules.practice:
            return NextSet("practice", 0, rules.practice)
        last = self.sets[-1].fact.round if self.sets else 0
        return NextSet("qualifying", last + 1, rules.qualify)

    def placed(self, case_id: str) -> tuple[SeedSet, str] | None:
        """Return the set of a case, and which seed it is; None if it is of no set."""
        return next(
            (
                (each, one.seed_id)
                for each in self.sets
                for one in each.fact.placed
                if one.case_id == case_id
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Qualifications:
    """Every course of somebody in one cohort, oldest first."""

    courses: tuple[Qualification, ...] = ()

    @property
    def last(self) -> Qualification | None:
        """The latest course; None before the first."""
        return self.courses[-1] if self.courses else None

    @property
    def open(self) -> Qualification | None:
        """The course that goes on; None when none does."""
        return self.last if self.last is not None and self.last.is_open else None

    def of_case(self, case_id: str) -> Qualification | None:
        """Return the course that a case is part of; None when there is none."""
        return next((e for e in self.courses if e.placed(case_id)), None)

    @property
    def is_stopped(self) -> bool:
        """Whether they judge no more in this cohort."""
        return self.last is not None and isinstance(self.last.end, QualificationStopped)


INITIAL = Qualifications()


def evolve(state: Qualifications, event: QualificationEvent) -> Qualifications:
    """Return *state* as it is after *event*."""
    if isinstance(event, QualificationBegun):
        return Qualifications((*state.courses, Qualification(event)))
    place = event.number - 1
    course = _after(state.courses[place], event)
    later = state.courses[event.number :]
    return Qualifications((*state.courses[:place], course, *later))


def _after(
    course: Qualification,
    event: QualificationSeedsPlaced
    | QualificationSeedsLacking
    | QualificationSeedJudged
    | Qualified
    | NotQualified
    | QualificationStopped
    | QualificationEnded,
) -> Qualification:
    match event:
        case QualificationSeedsPlaced():
            sets = (*course.sets, SeedSet(event))
            return replace(course, sets=sets, lacking=None)
        case QualificationSeedsLacking():
            return replace(course, lacking=event)
        case QualificationSeedJudged():
            return replace(course, sets=tuple(_judged(e, event) for e in course.sets))
        case NotQualified():
            return replace(course, sets=_with_result(course, event))
        case Qualified() | QualificationStopped():
            return replace(course, sets=_with_result(course, event), end=event)
        case QualificationEnded():
            return replace(course, end=event)
        case _:
            assert_never(event)


def _judged(one: SeedSet, event: QualificationSeedJudged) -> SeedSet:
    if event.case_id not in {each.case_id for each in one.fact.placed}:
        return one
    return replace(one, judged={**one.judged, event.case_id: event})


def _with_result(course: Qualification, result: Result) -> tuple[SeedSet, ...]:
    *earlier, last = course.sets
    return (*earlier, replace(last, result=result))
