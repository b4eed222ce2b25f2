"""The rules of a draw."""

from uuid import UUID

from services.moderation.domain.draw.commands import (
    DrawWaiting,
    ReceiveJudgement,
    WidenSample,
)
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import (
    DrawEvent,
    Drawn,
    JudgementReceived,
    JudgementSetAside,
    ProbabilitySet,
    SampleWidened,
)
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.judgement import JudgedCase
from tests.support.specification import Scenario
from tests.unit.moderation.examples import (
    CNM_LEVELS,
    NOW,
    SAMPLER,
    judged,
    received,
    sealed,
)

DRAW = Scenario(draw)


def receive(case: JudgedCase, sampler: Sampler | None = SAMPLER) -> ReceiveJudgement:
    return ReceiveJudgement(judged=case, sampler=sampler, at=NOW)


def after(count: int) -> list[DrawEvent]:
    """Return the facts of *count* judgements, each drawn as it came."""
    facts: list[DrawEvent] = []
    for number in range(1, count + 1):
        facts += draw.decide(receive(judged(number)), draw.fold(facts))
    return facts


def decisions(facts: list[DrawEvent]) -> dict[UUID, bool]:
    return {f.judgement_id: f.selected for f in facts if isinstance(f, Drawn)}


class TestReceiveJudgement:
    def test_sets_the_probability_before_the_ticket(self) -> None:
        """Source: moderation.md 2; statistics.md 2.9, step 4."""
        ticket = SAMPLER.ticket(
            reviewer_id="p-rev",
            judgement_id=str(UUID(int=1)),
            ordinal=1,
            probability_ppm=1_000_000,
        )
        DRAW.given().when(receive(judged(1))).then(
            received(1),
            ProbabilitySet(
                judgement_id=UUID(int=1),
                case_id="c1",
                attempt=1,
                ordinal=1,
                probability_ppm=1_000_000,
                rule="first_judgements",
                occurred_at=NOW,
            ),
            Drawn(
                judgement_id=UUID(int=1),
                case_id="c1",
                attempt=1,
                ticket=f"{ticket.value:064x}",
                block_pick=False,
                selected=True,
                occurred_at=NOW,
            ),
        )

    def test_records_a_case_that_is_not_selected_just_the_same(self) -> None:
        """Source: moderation.md 2."""
        facts = after(25)
        chosen = decisions(facts)
        assert len(chosen) == 25
        assert list(chosen.values()).count(True) == 5 + 2
        assert sum(isinstance(fact, ProbabilitySet) for fact in facts) == 25

    def test_applies_the_floor_to_criteria_not_met(self) -> None:
        """Source: moderation.md 3."""
        state = draw.fold(after(5))
        facts = draw.decide(receive(judged(6, levels=CNM_LEVELS)), state)
        told = [fact for fact in facts if isinstance(fact, ProbabilitySet)]
        assert [(f.probability_ppm, f.rule) for f in told] == [(250_000, "cnm_floor")]

    def test_keeps_what_comes_before_the_plan(self) -> None:
        """Source: architecture.md, "No order is promised between topics"."""
        DRAW.given().when(receive(judged(1), None)).then(received(1))

    def test_does_nothing_twice(self) -> None:
        DRAW.given(*after(3)).when(receive(judged(2))).then_nothing()

    def test_sets_a_second_judgement_of_the_same_case_aside(self) -> None:
        again = judged(1).model_copy(update={"judgement_id": UUID(int=77)})
        aside = JudgementSetAside(
            judgement_id=UUID(int=77), case_id="c1", attempt=1, occurred_at=NOW
        )
        DRAW.given(*after(1)).when(receive(again)).then(aside)
        DRAW.given(*after(1), aside).when(receive(again)).then_nothing()

    def test_takes_another_round_of_the_same_case(self) -> None:
        again = judged(1, attempt=2).model_copy(update={"judgement_id": UUID(int=77)})
        facts = draw.decide(receive(again), draw.fold(after(1)))
        assert isinstance(facts[0], JudgementReceived)
        assert facts[0].ordinal == 2


class TestDrawWaiting:
    def test_draws_all_that_waited_as_if_they_came_now(self) -> None:
        early: list[DrawEvent] = []
        for number in range(1, 16):
            command = receive(judged(number), None)
            early += draw.decide(command, draw.fold(early))
        drawn = draw.decide(DrawWaiting(sampler=SAMPLER, at=NOW), draw.fold(early))
        assert decisions([*drawn]) == decisions(after(15))

    def test_does_nothing_when_nothing_waits(self) -> None:
        DRAW.given(*after(3)).when(DrawWaiting(sampler=SAMPLER, at=NOW)).then_nothing()


class TestWidenSample:
    """Source: moderation.md 5, "widen the sample, or record why not"."""

    def widen(self, to_ppm: int, *released: int) -> WidenSample:
        return WidenSample(
            to_ppm=to_ppm,
            because_of_case_id="c3",
            reason=sealed("reason"),
            sampler=SAMPLER,
            released=frozenset(UUID(int=number) for number in released),
            by="p-lead",
            at=NOW,
        )

    def test_draws_again_what_was_skipped(self) -> None:
        facts = after(15)
        skipped = {key for key, chosen in decisions(facts).items() if not chosen}
        new = draw.decide(self.widen(1_000_000), draw.fold(facts))
        assert isinstance(new[0], SampleWidened)
        assert decisions([*new]) == dict.fromkeys(skipped, True)

    def test_only_adds_to_the_sample(self) -> None:
        facts = after(45)
        facts += draw.decide(self.widen(500_000), draw.fold(facts))
        half = {key for key, chosen in decisions(facts).items() if chosen}
        facts += draw.decide(self.widen(900_000), draw.fold(facts))
        most = {key for key, chosen in decisions(facts).items() if chosen}
        assert half < most

    def test_leaves_released_cases_alone(self) -> None:
        facts = after(15)
        skipped = [key for key, chosen in decisions(facts).items() if not chosen]
        new = draw.decide(
            self.widen(1_000_000, *(key.int for key in skipped)), draw.fold(facts)
        )
        assert decisions([*new]) == {}

    def test_holds_for_what_is_to_come(self) -> None:
        facts = [*after(5)]
        facts += draw.decide(self.widen(1_000_000), draw.fold(facts))
        new = draw.decide(receive(judged(6)), draw.fold(facts))
        assert decisions([*new]) == {UUID(int=6): True}

    def test_never_narrows(self) -> None:
        facts = [*after(5)]
        facts += draw.decide(self.widen(500_000), draw.fold(facts))
        DRAW.given(*facts).when(self.widen(400_000)).then_nothing()
