"""Moderation from the judgement to the release, with nothing but rules and folds."""

import json
from collections import Counter
from typing import Any

import pytest

from services.moderation.domain.decisions import (
    Overturn,
    Overturned,
    Upheld,
    Uphold,
)
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    Drawn,
    ProbabilitySet,
    SampleWidened,
)
from services.moderation.domain.events import BlindJudgementRecorded
from services.moderation.domain.outcomes import OutcomeReleased
from services.moderation.domain.plan.refusals import (
    CohortNotSettledError,
    DrawsWaitingError,
)
from services.moderation.domain.refusals import (
    NotIndependentError,
    NotOpenError,
    RationaleMissingError,
)
from services.moderation.handlers import BlindWords, LeadCase
from services.moderation.handlers.opening import NotYoursError
from services.moderation.handlers.streams import case_stream, draw_stream
from services.moderation.outgoing import to_public
from shared.contracts.feedback import FEEDBACK_FIELD, Feedback
from shared.crypto import Grant, Purpose
from shared.errors import NotFoundError, ServiceError
from shared.evidence import EvidenceReferenceError
from shared.vocabulary import CRITERIA
from tests.unit.moderation.examples import CM_LEVELS, CNM_LEVELS, COHORT, PARTIES
from tests.unit.moderation.world import FEEDBACK, World, blind_words

MARKS = ("levels", "outcome", "borderline", "feedback", "rationale", "reviewer")

NEW_FEEDBACK = {
    "overall": "Read the three changes below.",
    "criteria": {
        "authenticity": {"level": 3, "comment": "Clearly your own."},
        "reliability": {"level": 3, "comment": "About your role."},
        "sufficiency": {
            "level": 2,
            "comment": "Too little evidence of effect.",
            "modifications": [
                {"section": "improvement-project", "standard": "10", "text": "Add."}
            ],
        },
    },
}


def overturning(other_work: str = "widened") -> Overturn:
    return Overturn.model_validate(
        {
            "decision": "overturn",
            "reason": "Both moderators found too little evidence.",
            "overturning": {
                "feedback": NEW_FEEDBACK,
                "other_work": other_work,
                "other_work_reason": "The same may hold for others.",
            },
        }
    )


async def drawn_world(cases: int = 1) -> World:
    world = World()
    await world.ready()
    for number in range(1, cases + 1):
        await world.completed(number)
    return world


class TestBlindness:
    """Source: moderation.md 4; consoles.md, last line (two worlds)."""

    async def before_recording(self, world: World, person_id: str) -> list[str]:
        """Return every answer this moderator can get before recording."""
        answers = []
        shown = world.shown(1, person_id)
        for ask in (world.showing.case, world.showing.opening.portfolio):
            with pytest.raises(NotYoursError) as refused:
                await ask(shown)
            answers.append(_problem(refused.value))
        handled = await world.cases.take(shown, _same_cause(world))
        answers.append(str([fact.type for fact in handled.facts]))  # type: ignore[attr-defined]
        answers.append((await world.showing.case(shown)).model_dump_json())
        _, portfolio = await world.showing.opening.portfolio(shown)
        answers.append(portfolio.model_dump_json())
        with pytest.raises(NotYoursError) as lead:
            await world.showing.lead_case(shown)
        answers.append(_problem(lead.value))
        return answers

    async def test_gives_equal_bytes_whatever_the_first_marks(self) -> None:
        worlds = [World(), World()]
        for world, levels in zip(worlds, (CM_LEVELS, CNM_LEVELS), strict=True):
            await world.ready()
            await world.completed(1, levels=levels)
        one, other = [await self.before_recording(w, "p-mod") for w in worlds]
        assert _without_hashes(one) == _without_hashes(other)

    async def test_does_not_tell_the_second_moderator_from_the_first(self) -> None:
        first, second = await drawn_world(), await drawn_world()
        await second.judge(1, CNM_LEVELS)
        one = await self.before_recording(first, "p-mod2")
        other = await self.before_recording(second, "p-mod2")
        assert _without_hashes(one) == _without_hashes(other)

    async def test_names_no_mark_in_anything_held(self) -> None:
        world = await drawn_world()
        await world.take(1)
        view = await world.showing.case(world.shown(1, "p-mod"))
        assert not set(view.model_dump()) & set(MARKS)
        assert "p-rev" not in view.model_dump_json()

    async def test_records_what_could_be_seen(self) -> None:
        """Blindness as a recorded fact. Source: domain.md section 6, 7."""
        world = await drawn_world()
        await world.take(1)
        view = await world.showing.case(world.shown(1, "p-mod"))
        await world.judge(1, CM_LEVELS)
        facts = await world.facts(case_stream("c1", 1))
        (recorded,) = [f for f in facts if isinstance(f, BlindJudgementRecorded)]
        portfolio = {"portfolio.evidence", "portfolio.sections"}
        assert set(recorded.visible.fields) == set(view.model_dump()) | portfolio
        assert recorded.visible.snapshot_sha256 == view.model_dump()["snapshot_sha256"]

    async def test_ends_with_the_own_judgement(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        view = (await world.showing.case(world.shown(1, "p-mod"))).model_dump()
        assert view["state"] == "compared"
        assert view["reviewer"]["levels"] == CM_LEVELS
        assert view["mine"]["levels"] == CNM_LEVELS
        assert view["mine"]["rationale"]["sufficiency"].startswith("Because")
        assert view["outcome"] is None

    async def test_shuts_the_portfolio_after_judging(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        with pytest.raises(NotYoursError):
            await world.showing.opening.portfolio(world.shown(1, "p-mod"))

    async def test_holds_for_the_lead_until_the_case_is_referred(self) -> None:
        """A lead who is a moderator too could otherwise judge with open eyes."""
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        with pytest.raises(NotYoursError):
            await world.showing.lead_case(world.shown(1, "p-lead"))


def _problem(error: ServiceError) -> str:
    return f"{error.status} {error} {dict(error.context)}"


def _same_cause(world: World) -> Any:
    world._causes = 1_000
    return world.cause()


def _without_hashes(answers: list[str]) -> list[str]:
    """Each world seals the portfolio with a key of its own, so hashes differ."""
    found = []
    for answer in answers:
        try:
            loaded = json.loads(answer)
        except json.JSONDecodeError:
            found.append(answer)
        else:
            loaded.pop("snapshot_sha256", None)
            found.append(json.dumps(loaded))
    return found


class TestJudge:
    async def test_refuses_a_reference_into_nothing(self) -> None:
        world = await drawn_world()
        token = await world.take(1)
        words = blind_words(CM_LEVELS, "cd" * 32)
        shown = world.shown(1, "p-mod", token)
        with pytest.raises(EvidenceReferenceError, match="another version"):
            await world.cases.judge(shown, words, world.cause())

    async def test_refuses_silence(self) -> None:
        world = await drawn_world()
        words = blind_words(CM_LEVELS, "cd" * 32).model_dump()
        del words["rationale"]["reliability"]
        shown = world.shown(1, "p-mod")
        with pytest.raises(RationaleMissingError):
            await world.cases.judge(
                shown, BlindWords.model_validate(words), world.cause()
            )

    async def test_refuses_a_case_that_was_not_drawn(self) -> None:
        world = await drawn_world()
        with pytest.raises(NotOpenError):
            await world.take(2)

    async def test_keeps_words_out_of_the_log(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        stored = b"".join(e.payload for e in await world.log.read_after(0))
        assert b"Because of the passage" not in stored
        assert b"Well evidenced" not in stored


class TestDifferences:
    """What moderation finds is noted with the settlement, and raises what follows."""

    async def noted(self, world: World) -> list[DifferenceNoted]:
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        return [fact for fact in facts if isinstance(fact, DifferenceNoted)]

    async def test_are_noted_in_the_unit_of_work_that_settles(self) -> None:
        world = await drawn_world()
        handled = await world.judge(1, {**CM_LEVELS, "reliability": 4})
        kinds = [type(fact).__name__ for fact in handled.facts]
        assert kinds[-3:] == ["Upheld", "DifferenceNoted", "ResultWeighed"]
        (noted,) = await self.noted(world)
        assert (noted.level_difference, noted.absolute_difference) == (-1, 1)
        assert not noted.overturned

    async def test_are_those_of_the_first_blind_judgement(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        assert await self.noted(world) == []
        await world.judge(1, CM_LEVELS, "p-mod2")
        (noted,) = await self.noted(world)
        assert (noted.level_difference, noted.overturned) == (1, False)

    async def test_say_when_the_lead_overturns(self) -> None:
        world = await drawn_world(cases=12)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning())
        (noted,) = await self.noted(world)
        assert (noted.level_difference, noted.overturned) == (1, True)

    async def test_of_a_harsh_reviewer_lead_to_the_moderation_of_everything(
        self,
    ) -> None:
        """Source: moderation.md 3; each draw is verified afterwards."""
        world = await drawn_world(cases=5)
        for number in range(1, 6):
            await world.judge(number, dict.fromkeys(CRITERIA, 4))
        for number in range(6, 12):
            await world.completed(number)
            await world.judge(number, CM_LEVELS)
        facts = await world.facts(draw_stream(COHORT, "p-rev"))
        charts = [fact.chart for fact in facts if isinstance(fact, AlarmRaised)]
        assert charts == ["harsh", "erratic"]
        rules = [fact.rule for fact in facts if isinstance(fact, ProbabilitySet)]
        assert rules == ["first_judgements"] * 5 + ["adaptive"] * 6
        await world.release()
        await world.reveal_key()
        assert (await world.verdict("p-rev")).findings == ()


class TestLeadDecides:
    async def disputed_world(self) -> World:
        world = await drawn_world(cases=12)
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        return world

    async def test_sees_every_judgement(self) -> None:
        world = await self.disputed_world()
        view = await world.showing.lead_case(world.shown(1, "p-lead"))
        assert isinstance(view, LeadCase)
        assert view.reviewer.levels == CM_LEVELS
        assert set(view.moderators) == {"p-mod", "p-mod2"}
        assert view.feedback == FEEDBACK

    async def test_overturns_with_new_feedback_and_widens(self) -> None:
        world = await self.disputed_world()
        before = await world.facts(draw_stream(COHORT, "p-rev"))
        skipped = {f.case_id for f in before if isinstance(f, Drawn) and not f.selected}
        assert skipped
        await world.decide(1, overturning())
        facts = await world.facts(case_stream("c1", 1))
        assert any(isinstance(fact, Overturned) for fact in facts)
        after = (await world.facts(draw_stream(COHORT, "p-rev")))[len(before) :]
        assert isinstance(after[0], SampleWidened)
        again = {f.case_id for f in after if isinstance(f, Drawn) and f.selected}
        assert again == skipped
        for case_id in skipped:
            assert await world.facts(case_stream(case_id, 1))

    async def test_may_leave_other_work_alone_and_says_why(self) -> None:
        world = await self.disputed_world()
        before = len(await world.facts(draw_stream(COHORT, "p-rev")))
        await world.decide(1, overturning("not_widened"))
        after = (await world.facts(draw_stream(COHORT, "p-rev")))[before:]
        assert [type(fact) for fact in after] == [DifferenceNoted]

    async def test_repeats_quietly(self) -> None:
        world = await self.disputed_world()
        await world.decide(1, overturning())
        assert (await world.decide(1, overturning())).facts == ()

    async def test_upholds(self) -> None:
        world = await self.disputed_world()
        words = Uphold(decision="uphold", reason="The evidence is there.")
        await world.decide(1, words)
        facts = await world.facts(case_stream("c1", 1))
        assert [f.by for f in facts if isinstance(f, Upheld)] == ["lead"]

    async def test_must_be_independent(self) -> None:
        world = await self.disputed_world()
        await world.granted("p-lead", "lead_moderator", "o-college")
        with pytest.raises(NotIndependentError):
            await world.decide(1, overturning())

    def test_cannot_overturn_without_feedback(self) -> None:
        with pytest.raises(ValueError, match="overturning"):
            Overturn.model_validate({"decision": "overturn", "reason": "No."})


class TestRelease:
    """Source: moderation.md 7."""

    async def test_waits_for_every_drawn_case(self) -> None:
        world = await drawn_world(cases=7)
        for number in range(1, 5):
            await world.judge(number, CM_LEVELS)
        with pytest.raises(CohortNotSettledError) as refused:
            await world.release()
        assert "c5" in refused.value.context["cases"]  # type: ignore[operator]
        assert await self.released(world, 7) == {}

    async def test_tells_every_judged_case_once(self) -> None:
        world = await self.settled_world()
        handled = await world.release()
        released = await self.released(world, 7)
        assert set(released) == {f"c{number}" for number in range(1, 8)}
        assert sum(isinstance(f, OutcomeReleased) for f in handled.facts) == 7
        assert (await world.release()).facts == ()
        assert await self.released(world, 7) == released

    async def test_follows_up_with_late_cases(self) -> None:
        world = await self.settled_world()
        await world.release()
        await world.completed(8, reviewer="p-late")
        with pytest.raises(CohortNotSettledError):
            await world.release()
        await world.judge(8, CM_LEVELS)
        handled = await world.release()
        assert [f.case_id for f in handled.facts if isinstance(f, OutcomeReleased)] == [
            "c8"
        ]

    async def test_waits_for_the_draw(self) -> None:
        world = World()
        await world.publish()
        await world.completed(1)
        with pytest.raises(DrawsWaitingError):
            await world.release()

    async def test_sends_the_lead_s_feedback_after_an_overturn(self) -> None:
        world = await drawn_world()
        await world.judge(1, CNM_LEVELS)
        await world.judge(1, CNM_LEVELS, "p-mod2")
        await world.decide(1, overturning())
        await world.release()
        (fact,) = (await self.released(world, 1)).values()
        message = to_public(fact, None)  # type: ignore[arg-type]
        assert message is not None
        told = message.model_dump()
        assert told["outcome"] == "CNM"
        assert told["took_part"] == ("p-rev", "p-mod", "p-mod2", "p-lead")
        grant = Grant(role="service", purpose=Purpose.SEND_LETTER)
        text = await world.vault.open(
            fact.feedback, str, field=FEEDBACK_FIELD, grant=grant
        )
        assert Feedback.from_text(str(text)) == Feedback.model_validate(NEW_FEEDBACK)

    async def test_can_be_confirmed_afterwards(self) -> None:
        """Whether it is still true is answered from a fold. Source: architecture.md."""
        world = await self.settled_world()
        await world.release()
        events = await world.log.read_stream(case_stream("c1", 1))
        last, first = events[-1], events[0]
        asked = world.disclosure.is_still_true
        stream = case_stream("c1", 1)
        assert await asked("c1", stream, last.event_id)
        assert not await asked("c1", stream, first.event_id)
        assert not await asked("c2", stream, last.event_id)
        assert not await asked("c2", case_stream("c2", 1), last.event_id)
        assert not await asked("c99", case_stream("c99", 1), last.event_id)

    async def settled_world(self) -> World:
        world = await drawn_world(cases=7)
        for number in range(1, 8):
            if await world.facts(case_stream(f"c{number}", 1)):
                await world.judge(number, CM_LEVELS)
        return world

    async def released(self, world: World, cases: int) -> dict[str, OutcomeReleased]:
        found = {}
        for number in range(1, cases + 1):
            for fact in await world.facts(case_stream(f"c{number}", 1)):
                if isinstance(fact, OutcomeReleased):
                    assert fact.case_id not in found
                    found[fact.case_id] = fact
        return found


class TestDisclosure:
    """Source: statistics.md 2.9, step 6."""

    async def test_says_nothing_before_the_key_is_public(self) -> None:
        world = await drawn_world(cases=3)
        with pytest.raises(NotFoundError):
            await world.disclosure.draws(COHORT)
        counts = await world.disclosure.counts(COHORT)
        assert counts.model_dump() == {"judgements": 3, "waiting": 0, "selected": 3}
        shown = await world.disclosure.plan(COHORT)
        assert shown.key is None
        assert "wrapped_key" not in shown.model_dump_json()

    async def test_says_everything_afterwards(self) -> None:
        world = await TestRelease().settled_world()
        await world.release()
        await world.reveal_key()
        told = await world.disclosure.draws(COHORT)
        kinds = Counter(each["type"] for each in told.draws["p-rev"])
        drawn = ("JudgementReceived", "ProbabilitySet", "Drawn")
        assert [kinds[f"moderation.{each}"] for each in drawn] == [7, 7, 7]
        assert (await world.verdict("p-rev")).findings == ()
        assert (await world.verdict("p-rev")).draws == 7

    async def test_makes_every_later_judgement_moderated(self) -> None:
        """With the key public, anything less than one could be foreseen."""
        world = await TestRelease().settled_world()
        await world.release()
        await world.reveal_key()
        world.pass_time(days=1)
        for number in range(8, 20):
            await world.completed(number)
            assert await world.facts(case_stream(f"c{number}", 1))
        assert (await world.verdict("p-rev")).findings == ()

    async def test_shows_a_plan_to_its_parties(self) -> None:
        world = World()
        await world.publish()
        await world.commit_all()
        shown = await world.disclosure.plan(COHORT)
        assert set(shown.nonce_commitments) == set(PARTIES)
        assert (shown.nonces, shown.beacon) == ({}, None)
