"""Seeds among a reviewer's work: placed unforeseen, judged like any case, compared."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.moderation.app import CODEC
from services.moderation.domain.detection import Scores
from services.moderation.domain.draw.events import AlarmRaised, Drawn, JudgementReceived
from services.moderation.domain.draw.seeded import (
    SeedJudged,
    SeedPlaced,
    SeedWithheld,
)
from services.moderation.domain.sampling import ticket_of
from services.moderation.domain.seeds.choosing import is_due
from services.moderation.domain.seeds.course.commands import (
    AnswerSeed,
    EnterSeed,
    TakeBackSeed,
)
from services.moderation.domain.seeds.course.decide import course
from services.moderation.domain.seeds.course.events import (
    SeedAnswered,
    SeedEntered,
    SeedTakenBack,
)
from services.moderation.domain.seeds.events import SeedRetired, SeedShown
from services.moderation.domain.standing.events import (
    EmployerNoted,
    ResultWeighed,
    StandingChanged,
)
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers import Exports, StandingWords
from services.moderation.handlers.streams import (
    course_stream,
    plan_stream,
    pool_stream,
    standing_stream,
)
from services.moderation.read_models import SeedRow, follow_seed, seed_of
from services.moderation.statistics.reports import records_of, report_of
from shared.contracts.programme import SeedRules
from shared.contracts.review import Recalled
from shared.evidence import Access
from tests.support.stored import stored as as_stored
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, SAMPLER
from tests.unit.moderation.forging import Told, finding, missed, read, resealed
from tests.unit.moderation.seeding import SeedWorld, seed_name
from tests.unit.moderation.world import received

FAR_OFF = dict.fromkeys(CM_LEVELS, 1)
"""Out of tolerance of three threes."""


async def placed_world(**changed: Any) -> SeedWorld:
    """Return a world in which a seed followed the first judgement."""
    world = SeedWorld()
    await world.ready()
    await world.pool(**changed)
    await world.completed(1)
    return world


class TestPlacing:
    """Source: moderation.md 8; statistics.md section 4."""

    async def test_asks_review_for_a_case_of_its_own(self) -> None:
        world = await placed_world()
        (placed,) = await world.of(SeedPlaced)
        (wanted,) = await world.wanted()
        assert wanted.case_id == placed.case_id
        assert wanted.portfolio is not None
        assert wanted.portfolio.only_by == "p-rev"
        assert (wanted.attempt, wanted.number) == (1, 1)
        assert wanted.portfolio.beside == "c1.1.1"

    async def test_gives_it_an_id_and_a_portfolio_like_every_other(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        about = wanted.portfolio
        assert about is not None
        access = Access(person_id="p-rev", case_id=wanted.case_id, part="reviewer")
        found = await world.snapshots.read(
            about.snapshot_path, content_hash=about.snapshot_sha256, access=access
        )
        assert found.case_id == wanted.case_id  # type: ignore[union-attr]
        assert found.cohort_id == COHORT  # type: ignore[union-attr]
        assert len(wanted.case_id) == 21
        assert "old" not in found.model_dump_json()  # type: ignore[union-attr]

    async def test_is_due_with_the_cohort(self) -> None:
        world = await placed_world()
        (received_,) = await world.of(JudgementReceived)
        (wanted,) = await world.wanted()
        month = received_.judged.period
        assert wanted.portfolio is not None
        assert wanted.portfolio.review_opens_at == month.since
        assert wanted.portfolio.due_at == month.due_at

    async def test_gives_a_seed_no_number_and_no_draw(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted)
        await world.completed(2)
        arrived = await world.of(JudgementReceived)
        assert [each.judged.case_id for each in arrived] == ["c1", "c2"]
        assert [each.ordinal for each in arrived] == [1, 2]
        assert await world.facts(f"moderation-{wanted.case_id}.1") == []

    async def test_never_puts_two_before_a_reviewer_at_once(self) -> None:
        world = await placed_world()
        await world.completed(2)
        (withheld,) = await world.of(SeedWithheld)
        assert withheld.because == "open"
        assert len(await world.of(SeedPlaced)) == 1

    async def test_never_puts_the_same_seed_before_a_reviewer_twice(self) -> None:
        world = await placed_world(count=2)
        for number in (2, 3):
            for wanted in await world.wanted():
                await world.answer(wanted)
            await world.compare()
            await world.completed(number)
        seeds = [each.seed_id for each in await world.of(SeedPlaced)]
        assert sorted(seeds) == [seed_name(1), seed_name(2)]
        (withheld,) = await world.of(SeedWithheld)
        assert withheld.because == "none_left"

    async def test_keeps_the_case_from_whoever_has_seen_the_seed_as_another(
        self,
    ) -> None:
        """It may become anybody's: when its reviewer is not independent after all."""
        world = await placed_world(count=1)
        await world.granted("p-two", "reviewer", "o-others")
        await world.completed(2, reviewer="p-two")
        excluded = {
            each.portfolio.only_by: each.excluded
            for each in await world.wanted()
            if each.portfolio
        }
        assert "p-rev" not in excluded["p-rev"]
        assert "p-rev" in excluded["p-two"]
        assert "p-two" not in excluded["p-two"]

    @pytest.mark.parametrize(
        "bond",
        [
            {"participant_organisation_id": "o-reviewers"},
            {"participant_id": "p-ana"},
            {"participant_id": "p-rev"},
            {"mentor_id": "p-rev"},
            {"took_part": ("p-rev",)},
            {"cohort_id": COHORT},
            {"template": "of-another-programme"},
        ],
    )
    async def test_leaves_out_what_the_reviewer_has_a_bond_with(
        self, bond: dict[str, Any]
    ) -> None:
        world = SeedWorld()
        await world.ready()
        await world.pool(**bond)
        await world.completed(1)
        (withheld,) = await world.of(SeedWithheld)
        assert withheld.because == "none_left"

    async def test_needs_to_know_for_whom_the_reviewer_works(self) -> None:
        world = SeedWorld()
        await world.ready()
        await world.pool()
        await world.completed(1, reviewer="p-stranger")
        (withheld,) = await world.of(SeedWithheld, "p-stranger")
        assert withheld.because == "employer_unknown"

    async def test_learns_that_from_the_role_of_a_reviewer(self) -> None:
        world = SeedWorld()
        await world.ready()
        (noted,) = await world.facts(standing_stream("p-rev"))
        assert isinstance(noted, EmployerNoted)
        assert noted.organisation_id == "o-reviewers"

    async def test_places_none_when_the_month_is_over(self) -> None:
        world = SeedWorld()
        await world.ready()
        await world.pool()
        world.pass_time(days=40)
        await world.completed(1)
        (withheld,) = await world.of(SeedWithheld)
        assert withheld.because == "late"

    async def test_follows_no_resubmission(self) -> None:
        world = SeedWorld()
        await world.ready()
        await world.pool()
        await world.completed(1, attempt=2)
        assert await world.of(SeedPlaced) == []

    async def test_changes_nothing_where_the_plan_places_none(self) -> None:
        world = SeedWorld(None)
        await world.ready()
        await world.pool()
        await world.completed(1)
        facts = await world.drawn()
        assert not any(isinstance(e, SeedPlaced | SeedWithheld) for e in facts)
        assert "seeds" not in world.rules.model_dump()

    async def test_drops_a_seed_whose_participant_was_erased(self) -> None:
        world = SeedWorld()
        await world.ready()
        await world.pool(1)
        await world.vault.keys.destroy("p-old1")
        await world.completed(1)
        (withheld,) = await world.of(SeedWithheld)
        gone = (await world.facts(pool_stream("ATS")))[-1]
        assert withheld.because == "none_left"
        assert isinstance(gone, SeedRetired)
        assert gone.because == "erased"

    async def test_keeps_who_saw_it_in_the_pool(self) -> None:
        world = await placed_world()
        shown = (await world.facts(pool_stream("ATS")))[-1]
        assert isinstance(shown, SeedShown)
        assert shown.reviewer_id == "p-rev"

    def test_follows_about_one_judgement_in_twenty(self) -> None:
        rules = SAMPLER.rules.model_copy(update={"seeds": SeedRules()})
        sampler = type(SAMPLER)(
            rules=rules, seed=SAMPLER.seed, published_at=SAMPLER.published_at
        )
        due = sum(is_due(sampler, f"judgement-{n}") for n in range(10_000))
        assert 450 <= due <= 550

    def test_draws_under_a_label_of_its_own(self) -> None:
        tickets = {
            ticket_of(SAMPLER.seed, label, "j1")
            for label in ("moderation", "seed", "seed-choice", "seed-case", "seed-time")
        }
        assert len(tickets) == 5


class TestComparing:
    async def test_waits_until_the_judgement_is_final(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted)
        await world.courses.judge(wanted.case_id, at=world.now, cause=world.cause())
        assert await world.of(SeedJudged) == []
        await world.compare()
        (judged,) = await world.of(SeedJudged)
        assert judged.in_tolerance
        assert judged.level_difference == 0

    async def test_counts_once(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted)
        await world.compare()
        await world.compare()
        assert len(await world.of(SeedJudged)) == 1

    async def test_moves_charts_and_standing_with_it(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted, levels=FAR_OFF)
        await world.compare()
        (judged,) = await world.of(SeedJudged)
        assert (judged.level_difference, judged.overturned) == (-6, True)
        assert judged.scores.harsh > 0
        weighed = await world.facts(standing_stream("p-rev"))
        (result,) = [each for each in weighed if isinstance(each, ResultWeighed)]
        assert (result.is_clear, result.is_overturned) == (False, True)

    async def test_counts_the_last_judgement_where_one_was_taken_back(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted, levels=FAR_OFF)
        await world.handlers[Recalled](taken_back(world, wanted.case_id))
        await world.compare()
        assert await world.of(SeedJudged) == []
        await world.answer(wanted, token=2, follows_recall=True)
        await world.compare()
        (judged,) = await world.of(SeedJudged)
        assert judged.in_tolerance

    async def test_does_not_count_what_somebody_else_judged(self) -> None:
        world = await placed_world()
        await world.granted("p-two", "reviewer", "o-two")
        (wanted,) = await world.wanted()
        await world.answer(wanted, reviewer="p-two")
        await world.compare()
        assert await world.of(SeedJudged) == []
        shown = (await world.facts(pool_stream("ATS")))[-1]
        assert isinstance(shown, SeedShown)
        assert shown.reviewer_id == "p-two"

    async def test_alarms_when_two_of_the_last_five_are_out(self) -> None:
        """Source: statistics.md section 4."""
        world = await placed_world(count=4)
        marks = (CM_LEVELS, FAR_OFF, CM_LEVELS, FAR_OFF)
        for number, levels in enumerate(marks, start=2):
            last = (await world.of(SeedPlaced))[-1]
            wanted = {each.case_id: each for each in await world.wanted()}
            await world.answer(wanted[last.case_id], levels=levels)
            await world.compare()
            await world.completed(number)
        alarms = [each for each in await world.of(AlarmRaised) if each.chart == "seeds"]
        judged = await world.of(SeedJudged)
        out = tuple(e.judgement_id for e in judged if not e.in_tolerance)
        assert [each.evidence for each in alarms] == [out]
        facts = await world.facts(standing_stream("p-rev"))
        changes = [each for each in facts if isinstance(each, StandingChanged)]
        assert changes[-1].evidence is not None
        assert "seeds" in changes[-1].evidence.alarms

    async def test_alarm_of_none_that_were_judged_before_a_pause_ended(self) -> None:
        """One is compared before the pause, and one only after it."""
        world = await placed_world(count=4)
        for number in (2, 3):
            last = (await world.of(SeedPlaced))[-1]
            wanted = {each.case_id: each for each in await world.wanted()}
            await world.answer(wanted[last.case_id], levels=FAR_OFF)
            if number == 2:
                await world.compare()
                await world.completed(number)
        for standing in ("paused", "probation"):
            world.pass_time(minutes=1)
            words = StandingWords.model_validate(
                {"standing": standing, "reason": "Looked into."}
            )
            await world.standings.set(
                "p-rev", words, by="p-lead", at=world.now, cause=world.cause()
            )
        await world.compare()
        first, second = await world.of(SeedJudged)
        assert [e.precedes_probation for e in (first, second)] == [False, True]
        assert not first.in_tolerance
        assert not second.in_tolerance
        assert first.scores != second.scores == Scores()
        assert "seeds" not in {each.chart for each in await world.of(AlarmRaised)}


def taken_back(world: SeedWorld, case_id: str) -> Any:
    body = Recalled(
        case_id=case_id,
        attempt=1,
        review_id=f"{case_id}.1.1",
        reviewer_id="p-rev",
        token=1,
        due_at=world.now + timedelta(days=9),
        recalled_at=world.now,
    )
    return received(body, case_id, "1")


class TestCourse:
    """Of the facts of a case that is a seed, whatever order they come in."""

    async def test_keeps_each_once(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted)
        await world.handlers[Recalled](taken_back(world, wanted.case_id))
        entered, answered, back = await world.facts(course_stream(wanted.case_id))
        assert isinstance(entered, SeedEntered)
        assert isinstance(answered, SeedAnswered)
        assert isinstance(back, SeedTakenBack)
        state = course.fold((entered, answered, back))
        again = (
            EnterSeed(
                case_id=entered.case_id,
                seed_id=entered.seed_id,
                excluded=(),
                portfolio=entered.portfolio,
                at=world.now,
            ),
            AnswerSeed(
                judgement_id=answered.judgement_id,
                case_id=answered.case_id,
                reviewer_id="p-rev",
                token=answered.token,
                levels=CNM_LEVELS,
                final_at=world.now,
                at=world.now,
            ),
            TakeBackSeed(case_id=entered.case_id, token=1, at=world.now),
        )
        assert [course.decide(each, state) for each in again] == [(), (), ()]

    async def test_is_followed_by_a_row_until_it_is_compared(self) -> None:
        world = await placed_world()
        (wanted,) = await world.wanted()
        await world.answer(wanted)
        await world.compare()
        stream = course_stream(wanted.case_id)
        facts = [*await world.facts(stream), *await world.of(SeedJudged)]
        row: SeedRow | None = None
        for fact in facts:
            event = as_stored(CODEC, fact, stream)
            assert seed_of(fact, event) == wanted.case_id
            row = follow_seed(row, fact, event)
        assert row is not None
        assert row.is_compared


class TestVerification:
    async def test_derives_every_seed_again(self) -> None:
        world = await closed_world()
        assert (await world.verdict("p-rev")).findings == ()

    async def test_finds_a_seed_that_is_missing(self) -> None:
        world = await closed_world()
        facts = [e for e in await world.drawn() if not isinstance(e, SeedPlaced)]
        assert any("none is recorded" in each for each in await findings(world, facts))

    @pytest.mark.parametrize("field", ["ticket", "seed_id", "after", "due_at"])
    async def test_finds_a_seed_that_was_changed(self, field: str) -> None:
        world = await closed_world(count=3)
        facts = await world.drawn()
        placed = next(each for each in facts if isinstance(each, SeedPlaced))
        other = next(each for each in placed.candidates if each != placed.seed_id)
        changes = {
            "ticket": "0" * 64,
            "seed_id": other,
            "after": UUID(int=7),
            "due_at": placed.due_at - timedelta(days=60),
        }
        bent = placed.model_copy(update={field: changes[field]})
        facts[facts.index(placed)] = bent
        assert await findings(world, facts)

    async def test_finds_one_that_was_judged_twice(self) -> None:
        world = await closed_world()
        facts = await world.drawn()
        (judged,) = [each for each in facts if isinstance(each, SeedJudged)]
        assert await findings(world, [*facts, judged])


class TestVerifyDraw:
    """Of the script that anybody can run: see docs/draws.md."""

    async def test_confirms_honest_seeds(self) -> None:
        told = await exported()
        seeds = [each for each in told["facts"] if each["fact"] == "seed"]
        assert [each["withheld_because"] for each in seeds] == [None, "open"]
        assert finding(told) is None

    async def test_confirms_tickets_that_asked_for_none(self) -> None:
        world = SeedWorld(SeedRules(rate_ppm=500_000))
        await world.ready()
        await world.pool()
        for number in range(1, 6):
            await world.completed(number)
        await close(world)
        told = await told_of(world)
        seeds = [each["selected"] for each in told["facts"] if each["fact"] == "seed"]
        assert len(seeds) == 5
        assert set(seeds) == {True, False}
        assert finding(told) is None
        assert missed(told, "selected") == []

    async def test_names_the_very_fact_in_which_anything_was_flipped(self) -> None:
        assert missed(await exported()) == []

    @pytest.mark.parametrize(
        "field", ["ordinal", "judgement", "probability_ppm", "ticket", "selected"]
    )
    async def test_names_it_even_where_all_digests_were_made_to_fit(
        self, field: str
    ) -> None:
        assert missed(await exported(), field) == []

    async def test_names_another_seed_than_the_tickets_chose(self) -> None:
        told = await exported()
        (fact,) = [each for each in told["facts"] if each.get("seed")]
        chosen, fact["seed"] = fact["seed"], "another"
        fact["candidates"].append("another")
        found = finding(resealed(told)) or ""
        assert f"seed is another, expected {chosen}" in found

    async def test_names_a_seed_that_was_never_recorded(self) -> None:
        world = await closed_world()
        plan: list[Any] = [*enumerate(await world.facts(plan_stream(COHORT)))]
        drawn = enumerate(await world.drawn())
        facts = [(99 + n, fact) for n, fact in drawn if "Seed" not in fact.type]
        told = read(export_of(plan, {"p-rev": facts}))
        assert "selected is False, expected True" in (finding(told) or "")


async def exported() -> Told:
    return await told_of(await closed_world())


async def told_of(world: SeedWorld) -> Told:
    """Return the export of a world whose key is public."""
    exports = Exports(world.handling, world.log, CODEC)
    return read(await exports.export(COHORT, ("p-rev",), lambda *_: None))


async def closed_world(**changed: Any) -> SeedWorld:
    """Return a world with one seed judged, released, and its key public."""
    world = await placed_world(**changed)
    await world.completed(2)
    (wanted,) = await world.wanted()
    await world.answer(wanted)
    await world.compare()
    await close(world)
    return world


async def close(world: SeedWorld) -> None:
    """Have judged what was drawn, release it all, and make the key public."""
    for fact in await world.drawn():
        if isinstance(fact, Drawn) and fact.selected:
            await world.judge(int(fact.case_id[1:]), CM_LEVELS)
    await world.release()
    world.pass_time(minutes=5)
    await world.reveal_key()


async def findings(world: SeedWorld, facts: list[Any]) -> tuple[str, ...]:
    plan_facts: Any = await world.facts(plan_stream(COHORT))
    return verify(plan_facts, {"p-rev": facts}).findings


class TestReport:
    async def test_tells_how_a_reviewer_does_on_seeds(self) -> None:
        world = await closed_world()
        streams = (plan_stream(COHORT), f"draw-{COHORT}.p-rev")
        facts = [(name, each) for name in streams for each in await world.facts(name)]
        records = records_of(facts)  # type: ignore[arg-type]
        report: Any = report_of(records, cohort_id=COHORT, log_head="1:ab")
        found = report["seeds"]["p-rev"]
        assert (found["judged"], found["in_tolerance"]) == (1, 1)
        low = found["share_in_tolerance"]["interval"]["low"]
        assert low == pytest.approx(0.2065, abs=1e-4)  # Wilson, 1 of 1
        assert len(report["drift"]["charts"]["p-rev"]["points"]) >= 2

    async def test_says_nothing_where_the_plan_places_none(self) -> None:
        world = SeedWorld(None)
        await world.ready()
        await world.completed(1)
        streams = (plan_stream(COHORT), f"draw-{COHORT}.p-rev")
        facts = [(name, each) for name in streams for each in await world.facts(name)]
        records = records_of(facts)  # type: ignore[arg-type]
        report = report_of(records, cohort_id=COHORT, log_head="1:ab")
        assert "seeds" not in report
