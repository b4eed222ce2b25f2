"""The reviewers of the large cohort: what is wrong with them, and that it is found."""

import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from services.cli.demo import cast
from services.cli.demo.bench import Bench
from services.cli.demo.marking import DRIFTS_AFTER, JUDGES, Judge, blind_level
from services.cli.demo.pacing import PACE
from services.moderation.domain.detection import Alarm, Observation
from services.moderation.domain.draw.commands import (
    ApplyStanding,
    DrawCommand,
    NoteDifference,
    OrderRemark,
    ReceiveJudgement,
)
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.draw.events import AlarmRaised, Drawn
from services.moderation.domain.draw.evolve import INITIAL, Draws
from services.moderation.domain.drawing import Sampler
from services.moderation.domain.rules import rules_of
from services.moderation.domain.standing.commands import WeighResult
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.events import StandingChanged
from services.moderation.domain.standing.evolve import INITIAL as UNKNOWN
from services.moderation.domain.standing.evolve import Standing
from services.moderation.domain.standing.ladder import LadderRules
from services.moderation.handlers.applying import last_clean
from services.moderation.handlers.redrawing import Redraw
from shared.programmes import load_programme
from shared.vocabulary import CRITERIA, CriterionKey, outcome_of
from tests.unit.moderation.examples import COHORT, NOW, judged

POLICY = load_programme("ADVANCED-MENTOR").policy
RULES = rules_of(POLICY.sampling)
LADDER = LadderRules.of(POLICY.standing)
WHO = cast.PACED_MODERATORS[0]
KEYS = 10
"""Draws under which the three are found; hundreds were tried once."""
BY_FAULT = {judge.fault: judge for judge in JUDGES if judge.fault}
Levels = dict[CriterionKey, int]


def levels_of(judge: Judge, number: int, *, place: int) -> Levels:
    return {key: judge.level(number, key, place=place) for key in CRITERIA}


def difference(judge: Judge, numbers: Sequence[int], *, place: int) -> float:
    """Return by how much somebody's levels lie over a moderator's, on average."""
    gaps = [
        judge.level(number, key, place=place) - blind_level(WHO, number, key)
        for number in numbers
        for key in CRITERIA
    ]
    return sum(gaps) / len(gaps)


class TestJudges:
    NUMBERS = range(1_000, 2_000)

    def test_see_what_moderators_see_when_they_have_no_fault(self) -> None:
        good = [judge for judge in JUDGES if judge.fault is None]
        assert all(abs(difference(each, self.NUMBERS, place=1)) < 0.1 for each in good)

    def test_give_lower_levels_when_they_are_harsh(self) -> None:
        assert difference(BY_FAULT["harsh"], self.NUMBERS, place=1) < -0.5

    def test_drift_only_after_the_midpoint(self) -> None:
        drifting = BY_FAULT["drifting"]
        assert abs(difference(drifting, self.NUMBERS, place=DRIFTS_AFTER)) < 0.1
        assert difference(drifting, self.NUMBERS, place=DRIFTS_AFTER + 1) < -0.5
        assert drifting.share == pytest.approx(2 * DRIFTS_AFTER, abs=2)

    def test_give_any_level_now_and_then_when_they_are_careless(self) -> None:
        careless, good = BY_FAULT["careless"], JUDGES[-1]

        def far_off(judge: Judge) -> int:
            return sum(
                abs(judge.level(each, key, place=1) - blind_level(WHO, each, key)) > 1
                for each in self.NUMBERS
                for key in CRITERIA
            )

        assert far_off(careless) > 100
        assert far_off(good) == 0

    def test_mark_alike_whenever_and_wherever_it_is_played(self) -> None:
        given = [tuple(levels_of(each, 205, place=1).values()) for each in JUDGES]
        assert given[:4] == [(3, 3, 3), (4, 4, 3), (4, 4, 4), (4, 4, 4)]

    def test_share_out_a_name_of_their_own_for_everybody(self) -> None:
        names = {cast.Participant(number).name for number in range(cast.WHOLE)}
        many = {cast.Participant(number).name for number in cast.MANY}
        assert len(many) == len(cast.MANY) == sum(judge.share for judge in JUDGES)
        assert not names & many


@dataclass(slots=True)
class Watched:
    """One reviewer as moderation sees them, with its own draws, charts and ladder."""

    judge: Judge
    sampler: Sampler
    draws: Draws = INITIAL
    stands: Standing = UNKNOWN
    queue: deque[UUID] = field(default_factory=deque)
    alarms: list[str] = field(default_factory=list)

    @property
    def is_paused(self) -> bool:
        return self.stands.ladder("reviewer").standing == "paused"

    def see(self, command: DrawCommand) -> None:
        facts = draw.decide(command, self.draws)
        self.draws = draw.fold(facts, self.draws)
        for fact in facts:
            if isinstance(fact, Drawn) and fact.selected:
                self.queue.append(fact.judgement_id)
            elif isinstance(fact, AlarmRaised):
                self.alarms.append(fact.chart)

    def receive(self, number: int, place: int) -> None:
        levels = levels_of(self.judge, number, place=place)
        one = judged(number, levels=levels, reviewer=self.judge.person_id)
        self.see(ReceiveJudgement(judged=one, sampler=self.sampler, at=NOW))

    def moderate(self, most: int) -> None:
        """Settle as many as *most* of the queue, until a pause."""
        for _ in range(most):
            if self.is_paused:
                return
            self._settle(self.queue.popleft())

    def _settle(self, judgement_id: UUID) -> None:
        one, number = self.draws.entries[judgement_id].judged, judgement_id.int
        turn = number % len(cast.PACED_MODERATORS)
        first, second = (
            {key: blind_level(who, number, key) for key in CRITERIA}
            for who in (cast.PACED_MODERATORS[turn], cast.PACED_MODERATORS[turn - 1])
        )
        gaps = [one.levels[key] - first[key] for key in CRITERIA]
        overturned = one.outcome not in {outcome_of(first), outcome_of(second)}
        seen = Observation(
            level_difference=sum(gaps),
            absolute_difference=sum(map(abs, gaps)),
            overturned=overturned,
        )
        self.see(
            NoteDifference(
                judgement_id=judgement_id,
                judged_at=NOW,
                observation=seen,
                rules=RULES,
                at=NOW,
            )
        )
        detection = RULES.detection
        assert detection is not None
        weigh = WeighResult(
            person_id=self.judge.person_id,
            part="reviewer",
            judgement_id=judgement_id,
            cohort_id=one.cohort_id,
            judged_at=NOW,
            level_difference=seen.level_difference,
            is_overturned=overturned,
            is_clear=not overturned,
            alarms=self.draws.scores.alarms(detection),
            rules=LADDER,
            at=NOW,
        )
        facts = standing.decide(weigh, self.stands)
        self.stands = standing.fold(facts, self.stands)
        for fact in facts:
            if isinstance(fact, StandingChanged):
                if fact.standing == "paused":
                    self._re_mark(weigh.alarms)
                apply = ApplyStanding(
                    standing=fact.standing, sampler=self.sampler, at=NOW
                )
                self.see(apply)

    def _re_mark(self, alarms: tuple[Alarm, ...]) -> None:
        """Have everything moderated back to the last clean block."""
        who = self.judge.person_id
        redraw = Redraw(COHORT, who, self.draws, self.sampler)
        order = OrderRemark(
            reviewer_id=who,
            cohort_id=COHORT,
            from_ordinal=last_clean(redraw, alarms) + 1,
            because="paused",
            sampler=self.sampler,
            released=frozenset(),
            at=NOW,
        )
        self.see(order)


def played(key: int) -> dict[str, Watched]:
    """Return everybody after the large cohort, drawn with a key of its own."""
    seed = hashlib.sha256(str(key).encode()).digest()
    sampler = Sampler(rules=RULES, seed=seed, published_at=NOW)
    watched = {judge.person_id: Watched(judge, sampler) for judge in JUDGES}
    bench = Bench.of([str(number) for number in cast.MANY])
    while not bench.is_done:
        waiting = {who: len(each.queue) for who, each in watched.items()}
        for who, share in bench.shares.items():
            for _ in range(min(PACE, len(share))):
                bench.judged[who].append(share.popleft())
                place = len(bench.judged[who])
                watched[who].receive(int(bench.judged[who][-1]), place)
        for who, each in watched.items():
            each.moderate(len(each.queue) if bench.is_done else waiting[who])
            if each.is_paused and who not in bench.paused:
                bench.paused[who] = len(each.queue)
        for who in bench.paused:
            bench.pass_on(who)
    return watched


class TestFaults:
    @pytest.mark.parametrize("key", range(KEYS))
    def test_are_found_whatever_is_drawn_and_nobody_else(self, key: int) -> None:
        """Source: statistics.md 3.3: an alarm, and a posterior that is sure enough."""
        watched = played(key)
        alarmed = {who for who, each in watched.items() if each.alarms}
        paused = {who for who, each in watched.items() if each.is_paused}
        faulty = {judge.person_id for judge in JUDGES if judge.fault}
        assert alarmed == faulty
        assert paused == faulty

    @pytest.mark.parametrize("key", range(KEYS))
    def test_leave_work_that_is_held_until_it_is_moderated(self, key: int) -> None:
        waiting = [each.queue for each in played(key).values() if each.is_paused]
        assert all(waiting)
