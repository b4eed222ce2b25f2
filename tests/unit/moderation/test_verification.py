"""Anybody can check every draw, and a forged one is found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.moderation.domain.detection import Observation, Scores
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawCommand,
    NoteDifference,
    NoteRenewal,
    ReceiveJudgement,
    WidenSample,
)
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    StandingApplied,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.plan.decide import plan_hash
from services.moderation.domain.plan.events import (
    KeyRevealed,
    Plan,
    PlanEvent,
    ReviewerJoined,
)
from services.moderation.domain.sampling import seed_of
from services.moderation.domain.verification import verify
from tests.unit.moderation.examples import (
    BEACON,
    CM_LEVELS,
    CNM_LEVELS,
    KEY,
    NOW,
    PLAN,
    RULES,
    RULES_OF_VERSION_1,
    SAMPLER,
    committed,
    judged,
    published,
    ready_plan,
    revealed,
    sealed,
)

CLOSE = NOW + timedelta(days=30)


def plan_facts(key: bytes = KEY, plan: Plan = PLAN) -> list[PlanEvent]:
    shown = KeyRevealed(key=key.hex(), revealed_by="p-lead", occurred_at=CLOSE)
    return [*ready_plan(plan), shown]


def history(
    reviewer: str,
    count: int = 40,
    *,
    sampler: Sampler = SAMPLER,
    watched: bool = False,
    after: int = 0,
) -> list[DrawEvent]:
    """Return a reviewer's draws: some not met, widened half-way, one after close.

    When *watched*, differences raise an alarm and pass, and the standing changes.
    Judgements and cases are numbered from the one *after*.
    """
    facts: list[DrawEvent] = []
    for number in range(1, count + 1):
        levels = CNM_LEVELS if number % 4 == 0 else CM_LEVELS
        used, at = sampler, NOW
        if number == count:
            used, at = replace(sampler, is_key_public=True), CLOSE
        command = ReceiveJudgement(
            judged=judged(after + number, levels=levels, reviewer=reviewer),
            sampler=used,
            at=at,
        )
        facts += draw.decide(command, draw.fold(facts))
        between = _between(number, facts, sampler) if watched else ()
        for more in between:
            facts += draw.decide(more, draw.fold(facts))
        if number == count // 2:
            widen = replace(_widen(), sampler=sampler)
            facts += draw.decide(widen, draw.fold(facts))
    return facts


def _between(
    number: int, facts: Sequence[DrawEvent], sampler: Sampler
) -> Iterator[DrawCommand]:
    last = next(fact for fact in reversed(facts) if isinstance(fact, Drawn))
    if last.selected:
        levels = -2 if number <= 4 else 0
        yield NoteDifference(
            judgement_id=last.judgement_id,
            judged_at=NOW,
            observation=Observation(
                level_difference=levels,
                absolute_difference=abs(levels),
                overturned=number == 1,
            ),
            rules=sampler.rules,
            at=NOW,
        )
    if number == 10:
        yield ApplyStanding(standing="reduced", sampler=sampler, at=NOW)
    if number == 16:
        yield _renewal(facts, sampler)
    if number == 80:
        everything = frozenset(UUID(int=each) for each in range(number))
        yield ApplyStanding(
            standing="paused", sampler=sampler, again=everything, at=NOW
        )


def _renewal(facts: Sequence[DrawEvent], sampler: Sampler) -> NoteRenewal:
    """Return that the first CM that was skipped came back as a CNM."""
    state = draw.fold(facts)
    skipped = (state.entries[each].judged for each in state.skipped)
    first = next(each for each in skipped if each.outcome == "CM")
    changes = {"levels": CNM_LEVELS, "outcome": "CNM", "token": 2}
    return NoteRenewal(
        judgement_id=first.judgement_id,
        judged=first.model_copy(update=changes),
        follows_conflict=True,
        sampler=sampler,
        at=NOW,
    )


def _widen() -> WidenSample:
    return WidenSample(
        to_ppm=400_000,
        because_of_case_id="c1",
        reason=sealed("reason"),
        sampler=SAMPLER,
        released=frozenset(),
        by="p-lead",
        at=NOW,
    )


def place_of(facts: Sequence[DrawEvent], kind: type[DrawEvent], number: int = 0) -> int:
    """Return where the fact of this kind stands that comes after *number* others."""
    return [n for n, fact in enumerate(facts) if isinstance(fact, kind)][number]


def findings(facts: Sequence[DrawEvent]) -> tuple[str, ...]:
    return verify(plan_facts(), {"p-rev": facts}).findings


class TestVerifier:
    """Source: statistics.md 2.9, step 6, and section 5, claim 5."""

    def test_confirms_every_honest_draw(self) -> None:
        draws = {name: history(name) for name in ("p-rev", "p-two")}
        count = sum(isinstance(f, Drawn) for facts in draws.values() for f in facts)
        verdict = verify(plan_facts(), draws)
        assert verdict.findings == ()
        assert verdict.draws == count > 80

    @pytest.mark.parametrize("index", range(0, 40, 3))
    def test_finds_a_forged_decision(self, index: int) -> None:
        facts = history("p-rev")
        places = [n for n, fact in enumerate(facts) if isinstance(fact, Drawn)]
        place = places[index]
        fact = facts[place]
        assert isinstance(fact, Drawn)
        facts[place] = fact.model_copy(update={"selected": not fact.selected})
        assert findings(facts) == (
            f"judgement {fact.judgement_id}: not drawn as committed",
        )

    @pytest.mark.parametrize(
        "change",
        [{"probability_ppm": 999_999}, {"ordinal": 2}, {"rule": "key_revealed"}],
    )
    def test_finds_a_forged_probability(self, change: dict[str, object]) -> None:
        facts = history("p-rev")
        facts[1] = facts[1].model_copy(update=change)
        assert len(findings(facts)) == 1

    def test_confirms_what_followed_differences_and_standings(self) -> None:
        facts = history("p-rev", count=120, watched=True)
        rules = {fact.rule for fact in facts if isinstance(fact, ProbabilitySet)}
        assert rules >= {"adaptive", "standing", "widened", "block", "cnm_floor"}
        assert findings(facts) == ()

    def test_confirms_draws_under_a_plan_of_version_1(self) -> None:
        old = PLAN.model_copy(update={"plan_version": 1, "rules": RULES_OF_VERSION_1})
        seed = seed_of(KEY, beacon=BEACON, plan_hash=plan_hash(old))
        sampler = Sampler(
            rules=RULES_OF_VERSION_1.as_rules(), seed=seed, published_at=NOW
        )
        facts = history("p-rev", watched=True, sampler=sampler)
        verdict = verify(plan_facts(plan=old), {"p-rev": facts})
        assert verdict.findings == ()
        assert not any(isinstance(fact, AlarmRaised) for fact in facts)

    @pytest.mark.parametrize(
        ("kind", "change", "finding"),
        [
            (DifferenceNoted, {"level_difference": 2}, "scores do not follow"),
            (DifferenceNoted, {"level_difference": -3}, "no marks differ by"),
            (DifferenceNoted, {"absolute_difference": 4}, "scores do not follow"),
            (DifferenceNoted, {"absolute_difference": 0}, "no marks differ by"),
            (DifferenceNoted, {"overturned": False}, "scores do not follow"),
            (DifferenceNoted, {"scores": None}, "scores do not follow"),
            (DifferenceNoted, {"scores": Scores()}, "scores do not follow"),
            (DifferenceNoted, {"judgement_id": UUID(int=2)}, "no selection"),
            (AlarmRaised, {"chart": "lenient"}, "the scores raise none"),
            (AlarmRaised, {"scores": Scores(harsh=9_000)}, "the scores raise none"),
            (AlarmRaised, {"evidence": ()}, "its evidence is not what led"),
            (StandingApplied, {"standing": "normal"}, "not what the plan says"),
            (StandingApplied, {"least_ppm": 1}, "not what the plan says"),
            (StandingApplied, {"block_size": 25}, "not what the plan says"),
            (StandingApplied, {"from_ordinal": 3}, "wrong number"),
        ],
    )
    def test_finds_what_was_forged_about_the_reviewer(
        self, kind: type[DrawEvent], change: dict[str, object], finding: str
    ) -> None:
        facts = history("p-rev", watched=True)
        place = place_of(facts, kind)
        facts[place] = facts[place].model_copy(update=change)
        assert any(finding in each for each in findings(facts))

    @pytest.mark.parametrize(
        ("kind", "finding"),
        [
            (DifferenceNoted, "scores do not follow"),
            (AlarmRaised, "it is not recorded"),
            (StandingApplied, "not drawn as committed"),
        ],
    )
    def test_finds_what_was_left_out_about_the_reviewer(
        self, kind: type[DrawEvent], finding: str
    ) -> None:
        facts = history("p-rev", watched=True)
        del facts[place_of(facts, kind)]
        assert any(finding in each for each in findings(facts))

    def test_finds_a_difference_recorded_twice(self) -> None:
        facts = history("p-rev", watched=True)
        place = place_of(facts, DifferenceNoted)
        facts.insert(place, facts[place])
        assert any("recorded twice" in each for each in findings(facts))

    def test_finds_an_alarm_that_nothing_raised(self) -> None:
        facts = history("p-rev", watched=True)
        facts.append(facts[place_of(facts, AlarmRaised)])
        assert findings(facts) == ("alarm harsh: the scores raise none",)

    def test_finds_another_rule_than_the_one_that_set_it(self) -> None:
        facts = history("p-rev", watched=True)
        place = place_of(facts, ProbabilitySet, 12)
        facts[place] = facts[place].model_copy(update={"rule": "block"})
        assert len(findings(facts)) == 1

    def test_finds_a_forged_ticket(self) -> None:
        facts = history("p-rev")
        facts[2] = facts[2].model_copy(update={"ticket": "0" * 64})
        assert len(findings(facts)) == 1

    def test_finds_a_forged_block_pick(self) -> None:
        facts = history("p-rev")
        facts[2] = facts[2].model_copy(update={"block_pick": True})
        assert len(findings(facts)) == 1

    def test_finds_a_ticket_without_a_probability(self) -> None:
        facts = [f for f in history("p-rev") if not isinstance(f, ProbabilitySet)]
        assert len(findings(facts)) >= 40

    def test_finds_a_judgement_that_was_never_drawn(self) -> None:
        facts = history("p-rev")
        received = facts[0]
        assert isinstance(received, JudgementReceived)
        del facts[1:3]
        assert findings(facts) == (
            f"judgement {received.judged.judgement_id}: no draw is recorded",
        )

    def test_finds_a_judgement_left_out(self) -> None:
        facts = history("p-rev")
        del facts[0:3]
        assert any("wrong number" in finding for finding in findings(facts))

    def test_finds_an_outcome_changed_afterwards(self) -> None:
        """The floor of criteria not met no longer fits the recorded probability."""
        facts = history("p-rev")
        place = next(
            n
            for n, f in enumerate(facts)
            if isinstance(f, JudgementReceived) and f.ordinal == 8
        )
        fact = facts[place]
        assert isinstance(fact, JudgementReceived)
        forged = fact.judged.model_copy(update={"outcome": "CM"})
        facts[place] = fact.model_copy(update={"judged": forged})
        assert len(findings(facts)) >= 1

    def test_finds_another_key(self) -> None:
        verdict = verify(plan_facts(bytes(32)), {"p-rev": history("p-rev")})
        assert "the key is not the committed one" in verdict.findings
        assert len(verdict.findings) > 40

    def test_finds_a_plan_changed_afterwards(self) -> None:
        facts = plan_facts()
        rules = RULES.model_copy(update={"idle_days": 8})
        plan = facts[0].model_copy(
            update={"plan": facts[0].plan.model_copy(update={"rules": rules})}  # type: ignore[union-attr]
        )
        verdict = verify([plan, *facts[1:]], {})
        assert verdict.findings == ("the plan does not have its hash",)

    def test_finds_a_number_committed_late(self) -> None:
        facts = plan_facts()
        place = facts.index(committed("p-operator"))
        late = facts.pop(place)
        facts.insert(facts.index(revealed("p-lead")) + 1, late)
        assert "p-operator committed after a number was shown" in (
            verify(facts, {}).findings
        )

    def test_names_a_plan_that_came_after_judgements(self) -> None:
        """Source: moderation.md 1: published before the first judgement."""
        joined = ReviewerJoined(reviewer_id="p-rev", occurred_at=NOW)
        late = published().model_copy(update={"reviewers_before": ("p-rev",)})
        verdict = verify([joined, late, *plan_facts()[1:]], {})
        assert verdict.findings == ("the plan was published after judgements of p-rev",)
        hidden = verify([joined, *plan_facts()], {})
        assert len(hidden.findings) == 2

    def test_names_what_was_judged_before_the_plan_and_came_after_it(self) -> None:
        """Source: moderation.md 1; they are all moderated, and that is checked."""
        before = {"completed_at": NOW - timedelta(days=1)}
        facts: list[DrawEvent] = []
        for number in range(1, 10):
            early = judged(number).model_copy(update=before)
            command = ReceiveJudgement(judged=early, sampler=SAMPLER, at=NOW)
            facts += draw.decide(command, draw.fold(facts))
        assert all(fact.selected for fact in facts if isinstance(fact, Drawn))
        found = findings(facts)
        assert len(found) == 9
        assert all("judged before the plan" in each for each in found)

    @pytest.mark.parametrize(
        "change",
        [{"borderline": True}, {"adjusted": True}, {"attempt": 2, "outcome": "CNM"}],
        ids=["borderline", "adjusted", "second CNM"],
    )
    def test_follows_every_floor(self, change: dict[str, object]) -> None:
        """Source: moderation.md 3."""
        facts: list[DrawEvent] = []
        for number in range(1, 30):
            case = judged(number).model_copy(update=change)
            command = ReceiveJudgement(judged=case, sampler=SAMPLER, at=NOW)
            facts += draw.decide(command, draw.fold(facts))
        assert findings(facts) == ()
        told = next(n for n, f in enumerate(facts) if isinstance(f, ProbabilitySet))
        later = told + 3 * 10
        forged = {"probability_ppm": 100_000}
        facts[later] = facts[later].model_copy(update=forged)
        assert len(findings(facts)) == 1

    def test_finds_a_judgement_set_aside_of_a_round_never_drawn(self) -> None:
        aside = JudgementSetAside(
            judgement_id=UUID(int=99), case_id="c99", attempt=1, occurred_at=NOW
        )
        of_a_drawn_one = aside.model_copy(update={"case_id": "c1"})
        facts = [*history("p-rev"), of_a_drawn_one]
        assert findings(facts) == ()
        assert findings([*facts, aside]) == (
            f"judgement {UUID(int=99)}: set aside without a draw",
        )

    def test_says_so_when_the_key_is_not_revealed(self) -> None:
        verdict = verify(ready_plan(), {"p-rev": history("p-rev")})
        assert verdict.findings == ("the plan, its randomness or its key is missing",)
