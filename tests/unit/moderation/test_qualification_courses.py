"""Whatever is judged in whatever order: a course ends as its judgements make it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.moderation.domain.seeds.qualification.commands import (
    BeginQualification,
    JudgeQualificationSeed,
    PlaceQualificationSeeds,
    QualificationCommand,
)
from services.moderation.domain.seeds.qualification.decide import qualification
from services.moderation.domain.seeds.qualification.events import (
    NotQualified,
    QualificationEvent,
    QualificationSeedsPlaced,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.seeds.qualification.evolve import Qualifications
from services.moderation.domain.verification.qualifications import CourseWalk
from shared.contracts.programme import QualificationRules
from tests.unit.moderation.examples import CM_LEVELS, COHORT, NOW, SAMPLER
from tests.unit.moderation.seeding import seed_name


class Course:
    """A course that is played with the decider alone."""

    def __init__(self, rules: QualificationRules, drawn: st.DataObject) -> None:
        self.facts: list[QualificationEvent] = []
        self.state = Qualifications()
        self.drawn = drawn
        self.pool = {seed_name(n) for n in range(rules.seeds_in_all)}
        self.do(
            BeginQualification(
                cohort_id=COHORT,
                reviewer_id="p-rev",
                because="paused",
                rules=rules,
                left=len(self.pool),
                by="p-lead",
                is_by_lead=True,
                at=NOW,
            )
        )
        self.place()

    def do(self, command: QualificationCommand) -> None:
        facts = qualification.decide(command, self.state)
        self.facts += facts
        self.state = qualification.fold(facts, self.state)

    def place(self) -> None:
        """Put the next set before them; what they have seen is no candidate."""
        seen = {
            one.seed_id
            for fact in self.facts
            if isinstance(fact, QualificationSeedsPlaced)
            for one in fact.placed
        }
        command = PlaceQualificationSeeds(
            candidates=tuple(sorted(self.pool - seen)),
            sampler=SAMPLER,
            is_paused=True,
            at=NOW,
        )
        self.do(command)

    def sit(self, marks: list[bool]) -> None:
        """Judge the last set in some order; every judgement is told twice."""
        course = self.state.open
        assert course is not None
        placed = self.drawn.draw(st.permutations(course.sets[-1].fact.placed))
        for one, is_right in zip(placed, marks, strict=True):
            command = JudgeQualificationSeed(
                judgement_id=UUID(int=len(self.facts)),
                case_id=one.case_id,
                levels=CM_LEVELS,
                in_tolerance=is_right,
                at=NOW,
            )
            self.do(command)
            before = len(self.facts)
            self.do(replace(command, judgement_id=UUID(int=before)))
            assert len(self.facts) == before
        self.place()


@st.composite
def rules_of_courses(draw: st.DrawFn) -> QualificationRules:
    qualify = draw(st.integers(1, 5))
    return QualificationRules(
        practice=draw(st.integers(0, 3)),
        qualify=qualify,
        in_tolerance=draw(st.integers(1, qualify)),
        second_chances=draw(st.integers(0, 2)),
    )


def marks_of(seeds: int) -> st.SearchStrategy[list[bool]]:
    """Return whether each seed of a set is in tolerance."""
    return st.lists(st.booleans(), min_size=seeds, max_size=seeds)


class TestAnyCourse:
    """Source: moderation.md 8."""

    @given(rules=rules_of_courses(), drawn=st.data())
    def test_ends_as_its_judgements_make_it_and_is_derived_again(
        self, rules: QualificationRules, drawn: st.DataObject
    ) -> None:
        course, passed = Course(rules, drawn), list[bool]()
        while course.state.open is not None:
            last = course.state.open.sets[-1].fact
            marks = drawn.draw(marks_of(len(last.placed)))
            if last.kind == "qualifying":
                passed.append(sum(marks) >= rules.in_tolerance)
            course.sit(marks)
        results = [
            each
            for each in course.facts
            if isinstance(each, Qualified | NotQualified | QualificationStopped)
        ]
        kinds = {True: Qualified, False: NotQualified}
        expected = [kinds[each] for each in passed]
        if not passed[-1]:
            expected[-1] = QualificationStopped  # type: ignore[assignment]
            assert len(passed) == 1 + rules.second_chances
        assert [type(each) for each in results] == expected
        walk = CourseWalk("p-rev", rules, SAMPLER.seed, NOW + timedelta(days=1))
        assert list(walk.findings(course.facts)) == []

    @given(rules=rules_of_courses(), drawn=st.data())
    def test_shows_no_seed_twice(
        self, rules: QualificationRules, drawn: st.DataObject
    ) -> None:
        course = Course(rules, drawn)
        while course.state.open is not None:
            course.sit([False] * len(course.state.open.sets[-1].fact.placed))
        shown = [
            one.seed_id
            for fact in course.facts
            if isinstance(fact, QualificationSeedsPlaced)
            for one in fact.placed
        ]
        assert sorted(shown) == sorted(course.pool)
