"""Anybody can check every draw of a second opinion, and a forged one is named."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.moderation import verify_draw
from services.moderation.domain.detection import Observation, Scores
from services.moderation.domain.draw.commands import NoteDifference, ReceiveJudgement
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import DrawEvent, Drawn
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.opinions.commands import (
    DrawOpinion,
    NoteModeratorDifference,
)
from services.moderation.domain.opinions.decide import opinions
from services.moderation.domain.opinions.events import (
    ModeratorAlarmRaised,
    ModeratorDifferenceNoted,
    ModeratorStandingApplied,
    OpinionDrawn,
    OpinionEvent,
    OpinionProbabilitySet,
    Place,
)
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.verification import verify
from services.moderation.domain.verification.export import export_of
from services.moderation.handlers import Exports
from tests.unit.moderation.examples import (
    BEACON,
    CM_LEVELS,
    CNM_LEVELS,
    COHORT,
    KEY,
    NOW,
    PLAN,
    RULES,
    judged,
)
from tests.unit.moderation.forging import finding, missed, read, resealed, words_of
from tests.unit.moderation.test_verification import CLOSE, plan_facts
from tests.unit.moderation.world import World

JUDGEMENTS = 60
RULES_WITH = RULES.model_copy(
    update={"second_opinions_ppm": 250_000, "first_judgements": JUDGEMENTS}
)
"""Everything is moderated, and every fourth first judgement twice."""
PLAN_WITH = PLAN.model_copy(update={"rules": RULES_WITH})
SAMPLER = Sampler(
    rules=RULES_WITH,
    seed=seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(PLAN_WITH)),
    published_at=NOW,
)
Told = tuple[list[DrawEvent], dict[str, list[OpinionEvent]]]


class Log:
    """Facts in the order in which they were written, each with its place."""

    def __init__(self) -> None:
        self.placed: list[tuple[str, int, Any]] = []

    def write(self, stream: str, facts: Sequence[object]) -> None:
        for fact in facts:
            self.placed.append((stream, len(self.placed) + 1, fact))

    def of(self, stream: str) -> list[tuple[int, Any]]:
        return [(place, fact) for name, place, fact in self.placed if name == stream]

    def opinion(self, moderator: str, command: Any) -> Sequence[OpinionEvent]:
        state = opinions.fold(fact for _, fact in self.of(moderator))
        facts = opinions.decide(command, state)
        self.write(moderator, facts)
        return facts


def written() -> Log:
    """Return a cohort: one harsh moderator, who is tightened; one draw after close."""
    log = Log()
    log.write("plan", plan_facts(plan=PLAN_WITH)[:-1])
    for number in range(1, JUDGEMENTS + 1):
        sampler, at = SAMPLER, NOW
        if number == JUDGEMENTS:
            log.write("plan", plan_facts(plan=PLAN_WITH)[-1:])
            sampler, at = replace(SAMPLER, is_key_public=True), CLOSE
        levels = CNM_LEVELS if number % 4 == 0 else CM_LEVELS
        case = judged(number, levels=levels)
        command = ReceiveJudgement(judged=case, sampler=sampler, at=at)
        known = draw.fold(fact for _, fact in log.of("p-rev"))
        facts = draw.decide(command, known)
        log.write("p-rev", facts)
        if any(isinstance(fact, Drawn) and fact.selected for fact in facts):
            moderate(log, number, sampler, at)
    return log


def moderate(log: Log, number: int, sampler: Sampler, at: Any) -> None:
    """Have a case judged by one moderator or two, and settle it."""
    first, second = ("m-one", "m-two") if number % 2 else ("m-two", "m-one")
    asked = DrawOpinion(
        judgement_id=UUID(int=number),
        case_id=f"c{number}",
        attempt=1,
        standing="tightened" if first == "m-one" and number > 40 else None,
        charts_from=None,
        sampler=sampler,
        at=at,
    )
    facts = log.opinion(first, asked)
    if any(isinstance(fact, OpinionDrawn) and fact.selected for fact in facts):
        apart = 0 if number > 12 else -3
        sides: tuple[tuple[str, Place], ...] = ((first, "first"), (second, "second"))
        for moderator, place in sides:
            signed = apart if moderator == "m-one" else -apart
            seen = Observation(
                level_difference=signed,
                absolute_difference=abs(apart),
                overturned=number <= 6,
            )
            noted = NoteModeratorDifference(
                judgement_id=UUID(int=number),
                place=place,
                judged_at=at,
                standing=None,
                charts_from=None,
                observation=seen,
                rules=sampler.rules,
                at=at,
            )
            log.opinion(moderator, noted)
    even = Observation(level_difference=0, absolute_difference=0, overturned=False)
    settled = NoteDifference(
        judgement_id=UUID(int=number),
        judged_at=at,
        observation=even,
        rules=sampler.rules,
        at=at,
    )
    known = draw.fold(fact for _, fact in log.of("p-rev"))
    log.write("p-rev", draw.decide(settled, known))


LOG = written()
MODERATORS = ("m-one", "m-two")
EXPORT = read(
    export_of(
        LOG.of("plan"),
        {"p-rev": LOG.of("p-rev")},
        {each: LOG.of(each) for each in MODERATORS},
    )
)


def facts_of() -> Told:
    draws = [fact for _, fact in LOG.of("p-rev")]
    return draws, {each: [f for _, f in LOG.of(each)] for each in MODERATORS}


def findings(told: Told) -> tuple[str, ...]:
    draws, seen = told
    facts = plan_facts(plan=PLAN_WITH)
    return verify(facts, {"p-rev": draws}, seen).findings


def place_of(
    told: Told, kind: type[OpinionEvent], number: int = 0
) -> tuple[list[OpinionEvent], int]:
    """Return the stream of a fact of this kind after *number* others, and its place."""
    places = [
        (facts, place)
        for facts in told[1].values()
        for place, fact in enumerate(facts)
        if isinstance(fact, kind)
    ]
    return places[number]


class TestVerifier:
    """Source: statistics.md 2.9, step 6; section 5, claim 5."""

    def test_confirms_every_honest_draw(self) -> None:
        told = facts_of()
        facts = [fact for each in told[1].values() for fact in each]
        rules = {fact.rule for fact in facts if isinstance(fact, OpinionProbabilitySet)}
        assert rules == {"second_opinions", "adaptive", "standing", "key_revealed"}
        assert any(isinstance(fact, ModeratorAlarmRaised) for fact in facts)
        assert findings(told) == ()

    def test_counts_draws_of_both_kinds(self) -> None:
        draws, seen = facts_of()
        verdict = verify(plan_facts(plan=PLAN_WITH), {"p-rev": draws}, seen)
        of_opinions = sum(
            isinstance(fact, OpinionDrawn) for facts in seen.values() for fact in facts
        )
        assert verdict.draws == of_opinions + sum(
            isinstance(fact, Drawn) for fact in draws
        )
        assert of_opinions > 20

    @pytest.mark.parametrize(
        ("kind", "change", "finding"),
        [
            (OpinionProbabilitySet, {"probability_ppm": 9}, "not drawn as committed"),
            (OpinionProbabilitySet, {"rule": "standing"}, "not drawn as committed"),
            (OpinionProbabilitySet, {"case_id": "c9"}, "not drawn as committed"),
            (OpinionDrawn, {"ticket": "0" * 64}, "not drawn as committed"),
            (OpinionDrawn, {"case_id": "c9"}, "not drawn as committed"),
            (ModeratorDifferenceNoted, {"level_difference": 2}, "no marks differ by"),
            (ModeratorDifferenceNoted, {"absolute_difference": 5}, "do not follow"),
            (ModeratorDifferenceNoted, {"scores": None}, "do not follow"),
            (ModeratorDifferenceNoted, {"scores": Scores()}, "do not follow"),
            (ModeratorDifferenceNoted, {"precedes_probation": True}, "left out of the"),
            (ModeratorAlarmRaised, {"chart": "overturns"}, "the scores raise none"),
            (ModeratorAlarmRaised, {"evidence": ()}, "its evidence is not"),
            (ModeratorStandingApplied, {"least_ppm": 1}, "not what the plan says"),
            (ModeratorStandingApplied, {"standing": "normal"}, "not what the plan"),
            (ModeratorStandingApplied, {"charts_from": CLOSE}, "when no pause ended"),
        ],
    )
    def test_finds_what_was_forged_and_names_the_moderator(
        self, kind: type[OpinionEvent], change: dict[str, object], finding: str
    ) -> None:
        told = facts_of()
        facts, place = place_of(told, kind)
        facts[place] = facts[place].model_copy(update=change)
        assert any(finding in each for each in findings(told))

    def test_finds_every_forged_decision(self) -> None:
        count = sum(isinstance(f, OpinionDrawn) for _, _, f in LOG.placed)
        for number in range(count):
            told = facts_of()
            facts, place = place_of(told, OpinionDrawn, number)
            fact = facts[place]
            assert isinstance(fact, OpinionDrawn)
            facts[place] = fact.model_copy(update={"selected": not fact.selected})
            found = f"judgement {fact.judgement_id}: not drawn as committed"
            assert any(each.endswith(found) for each in findings(told))

    @pytest.mark.parametrize(
        ("kind", "finding"),
        [
            (OpinionProbabilitySet, "not drawn as committed"),
            (OpinionDrawn, "not one second opinion is drawn"),
            (ModeratorDifferenceNoted, "not compared as drawn"),
            (ModeratorAlarmRaised, "it is not recorded"),
            (ModeratorStandingApplied, "not drawn as committed"),
        ],
    )
    def test_finds_what_was_left_out(
        self, kind: type[OpinionEvent], finding: str
    ) -> None:
        told = facts_of()
        facts, place = place_of(told, kind)
        del facts[place]
        assert any(finding in each for each in findings(told))

    def test_finds_a_whole_moderator_left_out(self) -> None:
        draws, seen = facts_of()
        del seen["m-one"]
        assert len(findings((draws, seen))) > 10

    def test_finds_a_comparison_that_is_no_mirror(self) -> None:
        """Both charts follow, but the two disagree about how far they are apart."""
        told = facts_of()
        facts, place = place_of(told, ModeratorDifferenceNoted)
        fact = facts[place]
        assert isinstance(fact, ModeratorDifferenceNoted)
        assert fact.scores is not None
        forged = fact.model_copy(update={"outcome_differs": not fact.outcome_differs})
        facts[place] = forged
        found = (
            f"judgement {fact.judgement_id}: its moderators do not differ by the same"
        )
        assert found in findings(told)

    def test_finds_moderators_that_changed_places(self) -> None:
        told = facts_of()
        facts, place = place_of(told, ModeratorDifferenceNoted)
        fact = facts[place]
        assert isinstance(fact, ModeratorDifferenceNoted)
        other = "first" if fact.place == "second" else "second"
        facts[place] = fact.model_copy(update={"place": other})
        found = f"judgement {fact.judgement_id}: its moderators are not compared"
        assert any(each.startswith(found) for each in findings(told))

    def test_finds_a_draw_repeated_until_it_fits(self) -> None:
        told = facts_of()
        facts, place = place_of(told, OpinionDrawn)
        facts[place + 1 : place + 1] = facts[place - 1 : place + 1]
        assert any("not drawn as committed" in each for each in findings(told))

    def test_finds_second_opinions_that_the_plan_does_not_have(self) -> None:
        draws, seen = facts_of()
        verdict = verify(plan_facts(), {"p-rev": draws}, seen)
        assert any("moderator m-one" in each for each in verdict.findings)

    def test_finds_a_second_opinion_on_what_was_never_moderated(self) -> None:
        _, seen = facts_of()
        found = findings(([], seen))
        assert any("but no selection" in each for each in found)


class TestExport:
    def test_is_confirmed_by_plain_python(self) -> None:
        told = verify_draw.check(deepcopy(EXPORT))
        assert told.startswith(f"{len(EXPORT['facts'])} draws follow")
        rules = {each["rule"] for each in EXPORT["facts"] if each["fact"] == "opinion"}
        assert rules == {"second_opinions", "adaptive", "standing", "key_revealed"}

    def test_names_the_very_fact_in_which_anything_was_flipped(self) -> None:
        assert missed(EXPORT) == []

    @pytest.mark.parametrize(
        "field",
        ["judgement", "ordinal", "probability_ppm", "rule", "ticket", "selected"],
    )
    def test_names_it_even_where_all_digests_were_made_to_fit(self, field: str) -> None:
        assert missed(EXPORT, field) == []

    def test_names_a_probability_below_that_of_the_plan(self) -> None:
        place, fact = next(
            (place, fact)
            for place, fact in enumerate(EXPORT["facts"])
            if fact["rule"] == "second_opinions"
        )
        told = deepcopy(EXPORT)
        told["facts"][place]["asked"] = [["second_opinions", 1]]
        found = (
            f"{words_of(fact)}: asked is [['second_opinions', 1]], expected "
            "[['second_opinions', 250000]]"
        )
        assert finding(resealed(told)) == found

    def test_names_a_draw_repeated_until_it_fits(self) -> None:
        for place, fact in enumerate(EXPORT["facts"]):
            if fact["fact"] == "opinion":
                told = deepcopy(EXPORT)
                told["facts"].insert(place + 1, fact)
                found = f"{words_of(fact)}: judgement is {fact['judgement']}, expected"
                assert (finding(resealed(told)) or "").startswith(found)

    def test_names_one_on_what_was_never_selected(self) -> None:
        told = read(export_of(LOG.of("plan"), {}, {"m-one": LOG.of("m-one")}))
        assert "expected another, which was selected" in (finding(told) or "")

    async def test_of_a_cohort_agrees_with_the_service(self) -> None:
        world = World(second_opinions_ppm=400_000)
        await world.ready()
        for number in range(1, 13):
            await world.completed(number)
            await world.judge(number, CM_LEVELS)
            state = await world.showing.opening.fold(world.shown(number, "p-mod"))
            if getattr(state, "stage", None) == "second":
                await world.judge(number, CM_LEVELS, "p-mod2")
            if number == 5:
                break
        await world.release()
        await world.reveal_key()
        disclosure = world.disclosure
        exports = Exports(disclosure.handling, disclosure.log, disclosure.codec)
        told = await exports.export(COHORT, ("p-rev",), lambda *_: None)
        kinds = [each["fact"] for each in told["facts"]]
        assert kinds.count("opinion") == 5
        assert finding(read(told)) is None
        found = await exports.verification(COHORT, ("p-rev",), lambda *_: None)
        assert found["findings"] == []
        assert found["draws"] == 10
        shown = await disclosure.draws(COHORT)
        assert "p-mod" in shown.opinions
