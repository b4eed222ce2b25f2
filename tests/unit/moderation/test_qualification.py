"""Qualifying on seeds: practice, a set that counts, a second chance, and an end."""

import json
from itertools import permutations
from typing import Any

import pytest
from pydantic import ValidationError

from services.moderation.app import CODEC
from services.moderation.domain.draw.events import StandingApplied
from services.moderation.domain.draw.seeded import SeedJudged, SeedPlaced
from services.moderation.domain.refusals import EmployerUnknownError, NotALeadError
from services.moderation.domain.sampling import ticket_of
from services.moderation.domain.seeds.events import SeedRetired, SeedShown
from services.moderation.domain.seeds.qualification.events import (
    NotQualified,
    QualificationBegun,
    QualificationEnded,
    QualificationSeedJudged,
    QualificationSeedsLacking,
    QualificationSeedsPlaced,
    QualificationStopped,
    Qualified,
)
from services.moderation.domain.seeds.qualification.refusals import (
    CohortClosedError,
    CourseOverError,
    NoCourseError,
    NoQualificationError,
    NothingToQualifyForError,
    QualificationFirstError,
    StoppedError,
    TooFewSeedsError,
)
from services.moderation.domain.standing.climbing import OwnStandingError
from services.moderation.domain.standing.events import CohortJoined, StandingChanged
from services.moderation.handlers import Reports
from services.moderation.handlers.seeding.words import RetireWords
from services.moderation.handlers.streams import (
    plan_stream,
    pool_stream,
    qualification_stream,
    standing_stream,
)
from services.moderation.outgoing import to_public
from services.moderation.read_models import SeedRow, follow_seed, seed_of
from shared.contracts.moderation import StandingChanged as Told
from shared.contracts.programme import Newcomers, QualificationRules, SeedRules
from shared.workers import Workers
from tests.support.stored import stored as as_stored
from tests.unit.moderation.examples import COHORT, RULES
from tests.unit.moderation.qualifying import (
    COURSE,
    NEEDED,
    RIGHT,
    WRONG,
    CourseWorld,
    begun,
    practised,
    stopped,
)
from tests.unit.moderation.seeding import seed_name


class TestPlanRules:
    """Source: statistics.md section 4, to qualify again on five, at most one out."""

    def test_are_off_by_default_so_that_old_plans_keep_their_hash(self) -> None:
        rules = SeedRules()
        assert rules.qualification is None
        assert "qualification" not in rules.model_dump(mode="json")
        assert SeedRules.model_validate(rules.model_dump(mode="json")) == rules

    def test_ask_for_four_of_five_and_one_second_chance(self) -> None:
        rules = QualificationRules()
        assert (rules.qualify, rules.in_tolerance, rules.second_chances) == (5, 4, 1)
        assert rules.seeds_in_all == rules.practice + 10

    def test_refuse_what_nobody_can_pass(self) -> None:
        with pytest.raises(ValidationError, match="never so many"):
            QualificationRules(qualify=3, in_tolerance=4)

    @pytest.mark.parametrize(
        ("results", "newcomers", "is_asked"),
        [(0, None, True), (1, None, False), (9, 10, True), (10, 10, False)],
    )
    def test_say_who_is_new(
        self, results: int, newcomers: int | None, *, is_asked: bool
    ) -> None:
        new = newcomers and Newcomers(first_judgements=10, fewer_results_than=newcomers)
        rules = RULES.model_copy(
            update={"seeds": seeds_with(newcomers=True), "newcomers": new}
        )
        assert rules.must_qualify(results) is is_asked
        of_all = rules.model_copy(update={"seeds": seeds_with(newcomers=False)})
        assert not of_all.must_qualify(results)
        assert not rules.must_qualify(None)


def seeds_with(*, newcomers: bool) -> SeedRules:
    return SeedRules(qualification=QualificationRules(newcomers=newcomers))


class TestBeginning:
    """Source: moderation.md 8, practice first."""

    async def test_puts_the_practice_before_a_paused_reviewer(self) -> None:
        world = await begun()
        (first,) = await world.of_kind(QualificationBegun)
        assert (first.because, first.begun_by, first.number) == ("paused", "p-lead", 1)
        (placed,) = await world.of_kind(QualificationSeedsPlaced)
        assert (placed.kind, placed.round, len(placed.placed)) == ("practice", 0, 2)

    async def test_asks_review_for_cases_that_may_be_judged_during_a_pause(
        self,
    ) -> None:
        world = await begun()
        wanted = await world.wanted()
        assert len(wanted) == 2
        for each in wanted:
            assert each.portfolio is not None
            assert each.portfolio.although_paused
            assert each.portfolio.only_by == "p-rev"
            assert each.portfolio.review_opens_at == world.now
            assert each.portfolio.beside == f"{each.case_id}.1.1"

    async def test_keeps_in_the_pool_who_saw_what(self) -> None:
        world = await begun()
        shown = [
            each.seed_id
            for each in await world.facts(pool_stream("ATS"))
            if isinstance(each, SeedShown)
        ]
        (placed,) = await world.of_kind(QualificationSeedsPlaced)
        assert shown == [each.seed_id for each in placed.placed]

    async def test_chooses_by_tickets_under_a_label_of_its_own(self) -> None:
        world = await begun()
        (placed,) = await world.of_kind(QualificationSeedsPlaced)
        sampler_seed = await world.sampler_seed()

        def rank(each: str) -> int:
            return ticket_of(sampler_seed, "qualification", f"p-rev.1.0.{each}")

        least = sorted(placed.candidates, key=rank)[:2]
        assert [each.seed_id for each in placed.placed] == least

    async def test_does_nothing_when_it_has_begun(self) -> None:
        world = await begun()
        before = await world.course_facts()
        await world.begin()
        assert await world.course_facts() == before

    async def test_goes_straight_to_the_set_that_counts_without_practice(self) -> None:
        world = await begun(COURSE.model_copy(update={"practice": 0}))
        (placed,) = await world.of_kind(QualificationSeedsPlaced)
        assert (placed.kind, placed.round, len(placed.placed)) == ("qualifying", 1, 3)

    async def test_needs_seeds_for_every_chance(self) -> None:
        """Exactly as many are enough, and nobody is left half way."""
        with pytest.raises(TooFewSeedsError) as refused:
            await begun(seeds=NEEDED - 1)
        assert refused.value.context == {"needed": NEEDED, "left": NEEDED - 1}
        assert (await (await begun()).course()).is_open

    async def test_is_refused_for_who_may_judge(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.fill()
        with pytest.raises(NothingToQualifyForError):
            await world.begin()

    async def test_is_refused_where_the_plan_lets_nobody_qualify(self) -> None:
        world = CourseWorld(None)
        await world.ready()
        with pytest.raises(NoQualificationError):
            await world.begin()

    async def test_is_for_a_lead_and_for_nobody_s_own(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.granted("p-rev", "lead_moderator", "o-reviewers")
        with pytest.raises(NotALeadError):
            await world.begin(by="p-mod")
        with pytest.raises(OwnStandingError):
            await world.begin(by="p-rev")

    async def test_needs_to_know_for_whom_they_work(self) -> None:
        world = CourseWorld()
        await world.ready()
        with pytest.raises(EmployerUnknownError):
            await world.begin("p-stranger")

    async def test_passes_over_a_seed_whose_participant_was_erased(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.fill(NEEDED + 1)
        await world.vault.keys.destroy("p-old1")
        await world.set_standing("paused")
        await world.begin()
        while (await world.course()).is_open:
            await world.sit(WRONG, WRONG, WRONG)
        facts = await world.facts(pool_stream("ATS"))
        (gone,) = [each for each in facts if isinstance(each, SeedRetired)]
        assert (gone.because, gone.seed_id) == ("erased", seed_name(1))
        shown = {e.seed_id for e in facts if isinstance(e, SeedShown)}
        assert shown == {seed_name(n) for n in range(2, NEEDED + 2)}


class TestJudging:
    """Source: moderation.md 8; statistics.md section 4."""

    async def test_of_practice_leads_to_the_set_that_counts_whatever_it_shows(
        self,
    ) -> None:
        world = await practised()
        last = (await world.course()).sets[-1]
        assert (last.fact.kind, last.fact.round) == ("qualifying", 1)
        assert await world.stands() == "paused"

    async def test_of_part_of_a_set_leads_to_nothing(self) -> None:
        world = await practised()
        await world.sit(RIGHT, RIGHT)
        assert await world.of_kind(Qualified) == []
        assert await world.stands() == "paused"

    @pytest.mark.parametrize("marks", sorted(permutations(["right", "right", "wrong"])))
    async def test_of_just_enough_qualifies_in_any_order(
        self, marks: tuple[str, ...]
    ) -> None:
        world = await practised()
        await world.sit(*(RIGHT if each == "right" else WRONG for each in marks))
        (passed,) = await world.of_kind(Qualified)
        assert (passed.in_tolerance, passed.needed, passed.round) == (2, 2, 1)
        assert len(passed.judgements) == 3
        assert await world.stands() == "probation"

    async def test_of_one_too_few_gives_a_second_chance_with_other_seeds(self) -> None:
        world = await practised()
        await world.sit(RIGHT, WRONG, WRONG)
        (missed,) = await world.of_kind(NotQualified)
        assert (missed.in_tolerance, missed.round) == (1, 1)
        last = (await world.course()).sets[-1]
        assert last.fact.round == 2
        seeds = [
            one.seed_id
            for each in (await world.course()).sets
            for one in each.fact.placed
        ]
        assert len(set(seeds)) == len(seeds) == NEEDED
        assert await world.stands() == "paused"

    async def test_of_the_second_chance_qualifies_too(self) -> None:
        world = await practised()
        await world.sit(RIGHT, WRONG, WRONG)
        await world.sit(RIGHT, RIGHT, WRONG)
        (passed,) = await world.of_kind(Qualified)
        assert passed.round == 2
        assert await world.stands() == "probation"

    async def test_of_the_last_chance_stops_who_fails_again(self) -> None:
        world = await stopped()
        (end,) = await world.of_kind(QualificationStopped)
        assert (end.round, end.in_tolerance, end.lead_id) == (2, 0, "p-lead")
        assert await world.stands() == "paused"
        assert (await world.course()).next_set is None

    async def test_stops_at_once_where_there_is_no_second_chance(self) -> None:
        world = await practised(COURSE.model_copy(update={"second_chances": 0}))
        await world.sit(WRONG, WRONG, WRONG)
        assert await world.of_kind(NotQualified) == []
        assert len(await world.of_kind(QualificationStopped)) == 1

    async def test_waits_until_a_judgement_cannot_be_taken_back(self) -> None:
        world = await begun()
        for wanted in await world.wanted():
            await world.answer(wanted)
            await world.courses.judge(wanted.case_id, at=world.now, cause=world.cause())
        assert await world.of_kind(QualificationSeedJudged) == []

    async def test_counts_each_seed_once(self) -> None:
        world = await practised()
        await world.compare()
        assert len(await world.of_kind(QualificationSeedJudged)) == 2

    async def test_moves_no_chart_and_is_no_hidden_seed(self) -> None:
        world = await practised()
        drawn = await world.drawn()
        assert not any(isinstance(e, SeedPlaced | SeedJudged) for e in drawn)

    async def test_is_followed_by_a_row_until_it_is_compared(self) -> None:
        world = await practised()
        (judged, *_) = await world.of_kind(QualificationSeedJudged)
        event = as_stored(CODEC, judged, qualification_stream(COHORT, "p-rev"))
        assert seed_of(judged, event) == judged.case_id
        row = follow_seed(SeedRow(case_id=judged.case_id), judged, event)
        assert row is not None
        assert row.is_compared


class TestPassing:
    """Source: moderation.md 6; statistics.md section 4: back to probation."""

    async def test_is_told_to_review_as_the_end_of_the_pause(self) -> None:
        world = await practised()
        await world.sit(RIGHT, RIGHT, RIGHT)
        stream = standing_stream("p-rev")
        events = await world.log.read_stream(stream)
        told = [to_public(CODEC.decode(each), each) for each in events]
        last = [each for each in told if isinstance(each, Told)][-1]
        assert (last.was, last.standing) == ("paused", "probation")
        changed = [
            e for e in await world.facts(stream) if isinstance(e, StandingChanged)
        ]
        assert (changed[-1].tier, changed[-1].cohort_id) == ("qualified", COHORT)

    async def test_applies_probation_to_the_draws(self) -> None:
        world = await practised()
        await world.sit(RIGHT, RIGHT, RIGHT)
        applied = await world.of(StandingApplied)
        assert [each.standing for each in applied] == ["paused", "probation"]

    async def test_lets_another_course_follow_another_pause(self) -> None:
        world = await practised(seeds=2 * NEEDED)
        await world.sit(RIGHT, RIGHT, RIGHT)
        await world.set_standing("paused")
        await world.begin()
        courses = (await world.courses_of()).courses
        assert [each.begun.number for each in courses] == [1, 2]
        first, second = (
            {one.seed_id for each in course.sets for one in each.fact.placed}
            for course in courses
        )
        assert first.isdisjoint(second)

    async def test_is_not_undone_by_a_pause_that_is_set_again(self) -> None:
        """They are paused already: the course goes on."""
        world = await practised()
        await world.set_standing("paused")
        await world.sit(RIGHT, RIGHT, RIGHT)
        assert await world.stands() == "probation"


class TestEndingAPauseByHand:
    """A plan that lets people qualify is kept to, as long as it can be."""

    async def test_is_refused_before_they_have_qualified(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.fill()
        await world.set_standing("paused")
        with pytest.raises(QualificationFirstError) as refused:
            await world.set_standing("probation")
        assert refused.value.context == {"cohort_id": COHORT}

    async def test_is_refused_while_they_qualify_and_once_they_are_stopped(
        self,
    ) -> None:
        for world in (await begun(), await stopped()):
            with pytest.raises(QualificationFirstError):
                await world.set_standing("probation")

    async def test_is_left_to_the_lead_where_the_pool_cannot_do(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.fill(NEEDED - 1)
        await world.set_standing("paused")
        await world.set_standing("probation")
        assert await world.stands() == "probation"

    async def test_is_as_before_where_the_plan_lets_nobody_qualify(self) -> None:
        world = CourseWorld(None)
        await world.ready()
        await world.set_standing("paused")
        await world.set_standing("probation")
        assert await world.stands() == "probation"

    async def test_is_free_again_once_the_cohort_is_closed(self) -> None:
        world = await stopped()
        await world.close()
        await world.set_standing("probation")
        assert await world.stands() == "probation"


class TestAnEnd:
    async def test_by_the_lead_lets_another_course_begin(self) -> None:
        world = await begun(seeds=2 * NEEDED)
        await world.end()
        (ended,) = await world.of_kind(QualificationEnded)
        assert (ended.because, ended.ended_by) == ("lead", "p-lead")
        await world.end()
        assert len(await world.of_kind(QualificationEnded)) == 1
        await world.begin()
        assert (await world.course()).begun.number == 2

    async def test_lets_nothing_follow_from_what_is_judged_later(self) -> None:
        world = await practised()
        await world.end()
        await world.sit(RIGHT, RIGHT, RIGHT)
        assert await world.of_kind(Qualified) == []
        assert len(await world.of_kind(QualificationSeedJudged)) == 5
        assert await world.stands() == "paused"

    async def test_is_for_a_lead_and_of_what_goes_on(self) -> None:
        world = await begun()
        with pytest.raises(NotALeadError):
            await world.end(by="p-mod")
        with pytest.raises(NoCourseError):
            await world.end("p-two")
        world = await stopped()
        with pytest.raises(CourseOverError):
            await world.end()

    async def test_comes_when_the_cohort_is_closed_meanwhile(self) -> None:
        world = await begun()
        await world.close()
        await world.sit(RIGHT, RIGHT)
        (ended,) = await world.of_kind(QualificationEnded)
        assert ended.because == "cohort_closed"
        with pytest.raises(CohortClosedError):
            await world.begin()

    async def test_does_not_take_a_result_from_a_set_that_was_placed(self) -> None:
        world = await practised()
        await world.close()
        await world.sit(RIGHT, RIGHT, WRONG)
        assert await world.stands() == "probation"

    async def test_that_stops_them_elsewhere_is_not_passed_by_here(self) -> None:
        """A pause holds everywhere, so it would end there, too."""
        world = await begun()
        ends = await stopped()
        for stream in (plan_stream, of_them):
            facts: list[Any] = await ends.facts(stream(COHORT))
            await world.tell(stream("ats-2026-03"), *facts)
        joined = CohortJoined(
            person_id="p-rev", cohort_id="ats-2026-03", occurred_at=world.now
        )
        await world.tell(standing_stream("p-rev"), joined)
        await world.end()
        with pytest.raises(StoppedError) as refused:
            await world.begin()
        assert refused.value.context == {"cohort_id": "ats-2026-03"}

    async def test_that_stops_them_is_final_for_the_cohort(self) -> None:
        world = await stopped()
        await world.fill(NEEDED, since=NEEDED + 1)
        with pytest.raises(StoppedError):
            await world.begin()


async def lacking_seeds() -> CourseWorld:
    """Return the course after its practice, with too few seeds left for the set."""
    world = await begun()
    (placed,) = await world.of_kind(QualificationSeedsPlaced)
    used = {each.seed_id for each in placed.placed}
    for seed_id in [each for each in placed.candidates if each not in used][:4]:
        await world.pools.retire(
            world.asking(), seed_id, RetireWords(reason="Known."), world.cause()
        )
    await world.sit(RIGHT, RIGHT)
    return world


class TestAnExhaustedPool:
    async def test_is_told_and_gone_on_from_once_there_are_seeds(self) -> None:
        world = await lacking_seeds()
        (lacking,) = await world.of_kind(QualificationSeedsLacking)
        assert (lacking.round, lacking.needed, lacking.left) == (1, 3, 2)
        await world.begin()
        assert len(await world.of_kind(QualificationSeedsLacking)) == 1
        await world.fill(1, since=NEEDED + 1)
        await world.begin()
        assert (await world.course()).sets[-1].fact.round == 1
        assert (await world.course()).lacking is None

    async def test_lets_the_lead_end_the_pause_and_the_course_with_it(self) -> None:
        world = await lacking_seeds()
        await world.set_standing("probation")
        await world.begin()
        (ended,) = await world.of_kind(QualificationEnded)
        assert ended.because == "not_paused"


class TestNewcomers:
    """Source: moderation.md 8: practice, qualify, before the first judgement counts."""

    async def test_are_paused_with_their_first_judgement(self) -> None:
        world = await newcomers()
        await world.completed(1)
        assert await world.stands() == "paused"
        facts = await world.facts(standing_stream("p-rev"))
        changed = [each for each in facts if isinstance(each, StandingChanged)]
        assert [(e.tier, e.was) for e in changed] == [("unqualified", "probation")]
        assert [e.standing for e in await world.of(StandingApplied)] == ["paused"]

    async def test_may_qualify_before_they_judge_anything(self) -> None:
        world = await newcomers()
        await world.begin()
        assert await world.stands() == "paused"
        await world.sit(RIGHT, RIGHT)
        await world.sit(RIGHT, RIGHT, RIGHT)
        assert await world.stands() == "probation"
        await world.completed(1)
        assert await world.stands() == "probation"
        (first,) = await world.of_kind(QualificationBegun)
        assert first.because == "new"

    async def test_judge_as_ever_where_the_plan_lets_them(self) -> None:
        world = CourseWorld()
        await world.ready()
        assert await world.stands() == "probation"


async def newcomers() -> CourseWorld:
    world = CourseWorld(COURSE.model_copy(update={"newcomers": True}))
    await super(CourseWorld, world).ready()
    await world.fill()
    return world


class TestShowing:
    """Source: moderation.md 8: nothing is shown before a qualifying set has ended."""

    async def test_tells_what_a_practice_seed_is_worth_and_why(self) -> None:
        world = await begun()
        await world.sit(WRONG)
        view = await world.course_showing.course(COHORT, "p-rev", is_own=True)
        first, second = view.sets[0].seeds
        assert first.feedback is not None
        assert first.feedback.levels == WRONG
        assert first.feedback.definitive.levels == RIGHT
        assert len(first.feedback.rationales) == 3
        assert (second.is_judged, second.feedback) == (False, None)
        assert view.state == "practising"

    async def test_tells_nothing_of_a_set_that_counts_before_it_ends(self) -> None:
        world = await practised()
        await world.sit(RIGHT, WRONG)
        own = await world.course_showing.course(COHORT, "p-rev", is_own=True)
        assert [each.is_judged for each in own.sets[1].seeds].count(True) == 2
        assert all(each.feedback is None for each in own.sets[1].seeds)
        assert own.sets[1].in_tolerance is None
        lead = await world.course_showing.course(COHORT, "p-rev", is_own=False)
        assert lead.sets[1].in_tolerance == 1
        assert "Says why" not in lead.model_dump_json()

    async def test_reads_alike_whatever_is_judged_while_a_set_lasts(self) -> None:
        """Two worlds: the marks of a set that counts change no byte before its end."""
        seen = set()
        for marks in ((RIGHT, RIGHT), (WRONG, WRONG)):
            world = await practised()
            await world.sit(*marks)
            own = await world.course_showing.course(COHORT, "p-rev", is_own=True)
            seen.add(own.sets[1].model_dump_json())
        assert len(seen) == 1

    async def test_tells_the_lead_who_qualifies_and_who_has_to(self) -> None:
        world = CourseWorld()
        await world.ready()
        await world.fill()
        await world.set_standing("paused")
        assert await states(world) == {"p-rev": "needed"}
        await world.begin()
        assert await states(world) == {"p-rev": "practising"}
        assert await states(world, reader="p-rev") == {}

    async def test_tells_the_lead_who_was_stopped(self) -> None:
        world = await stopped()
        assert await states(world) == {"p-rev": "stopped"}

    async def test_knows_no_course_that_never_began(self) -> None:
        world = CourseWorld()
        await world.ready()
        with pytest.raises(NoCourseError):
            await world.course_showing.course(COHORT, "p-rev", is_own=True)


def of_them(cohort: str) -> str:
    return qualification_stream(cohort, "p-rev")


async def states(world: CourseWorld, reader: str = "p-lead") -> dict[str, str]:
    found = await world.course_showing.of_cohort(COHORT, but_of=reader)
    return {each.reviewer_id: each.state for each in found.reviewers}


class TestReport:
    async def test_tells_each_course_and_how_it_ended(self) -> None:
        world = await stopped()
        report = await reported(world)
        (course,) = report["qualifications"]["p-rev"]
        assert (course["because"], course["end"]) == ("paused", "QualificationStopped")
        told = [(e["round"], e["in_tolerance"], e["seeds"]) for e in course["sets"]]
        assert told == [(0, 0, 2), (1, 0, 3), (2, 0, 3)]

    async def test_says_nothing_where_the_plan_lets_nobody_qualify(self) -> None:
        world = CourseWorld(None)
        await world.ready()
        report = await reported(world)
        assert "seeds" in report
        assert "qualifications" not in report


async def reported(world: CourseWorld) -> dict[str, Any]:
    """Return the report of the cohort as the service makes it."""
    reports = Reports(world.handling, world.log, Workers("reports"))
    told: dict[str, Any] = json.loads(await reports.report(COHORT, "json"))
    return told
