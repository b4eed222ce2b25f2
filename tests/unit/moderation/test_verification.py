"""Anybody can check every draw, and a forged one is found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.moderation.domain.draw.commands import ReceiveJudgement, WidenSample
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
)
from services.moderation.domain.plan.events import (
    KeyRevealed,
    PlanEvent,
    ReviewerJoined,
)
from services.moderation.domain.verification import verify
from tests.unit.moderation.examples import (
    CM_LEVELS,
    CNM_LEVELS,
    KEY,
    NOW,
    RULES,
    SAMPLER,
    committed,
    judged,
    published,
    ready_plan,
    revealed,
    sealed,
)

CLOSE = NOW + timedelta(days=30)


def plan_facts(key: bytes = KEY) -> list[PlanEvent]:
    shown = KeyRevealed(key=key.hex(), revealed_by="p-lead", occurred_at=CLOSE)
    return [*ready_plan(), shown]


def history(reviewer: str, count: int = 40) -> list[DrawEvent]:
    """Return a reviewer's draws: some not met, widened half-way, one after close."""
    facts: list[DrawEvent] = []
    for number in range(1, count + 1):
        levels = CNM_LEVELS if number % 4 == 0 else CM_LEVELS
        sampler, at = SAMPLER, NOW
        if number == count:
            sampler, at = replace(SAMPLER, is_key_public=True), CLOSE
        command = ReceiveJudgement(
            judged=judged(number, levels=levels, reviewer=reviewer),
            sampler=sampler,
            at=at,
        )
        facts += draw.decide(command, draw.fold(facts))
        if number == count // 2:
            facts += draw.decide(_widen(), draw.fold(facts))
    return facts


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
        rules = RULES.model_copy(update={"cnm_floor_ppm": 0})
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
