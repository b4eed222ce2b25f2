"""A moderated cohort as facts, made up but consistent, for reports."""

from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID

import numpy as np

from services.moderation.domain.decisions import Overturned, Upheld
from services.moderation.domain.detection import (
    DETECTION,
    NO_SCORES,
    Observation,
    Scores,
)
from services.moderation.domain.draw.events import (
    AlarmRaised,
    DifferenceNoted,
    Drawn,
    JudgementReceived,
    ProbabilitySet,
)
from services.moderation.domain.events import BlindJudgementRecorded, Opened
from services.moderation.domain.judgement import JudgedCase
from services.moderation.handlers.streams import draw_stream, plan_stream, stream_of
from shared.decider import Fact
from shared.vocabulary import CRITERIA, CriterionKey
from tests.unit.moderation.examples import (
    COHORT,
    NOW,
    SAMPLER,
    SECOND,
    blind,
    judged,
    published,
    sealed,
)

Levels = dict[CriterionKey, int]
Told = tuple[str, Fact]

SETTINGS = ("college", "school", "prison")


class Cohort:
    """A cohort of reviewers, the first of whom is harsh, as streams and facts."""

    def __init__(
        self, *, reviewers: int = 10, each: int = 40, seed: int = 20261121
    ) -> None:
        self._draws = np.random.Generator(np.random.Philox(seed))
        self._reviewers, self._each = reviewers, each
        self._number = 0
        self._scores: dict[str, Scores] = {}

    def facts(self) -> Iterator[Told]:
        """Yield every fact with its stream, in the order of the log."""
        yield plan_stream(COHORT), published()
        for number in range(1, self._reviewers + 1):
            for ordinal in range(1, self._each + 1):
                yield from self._judgement(
                    f"p-rev{number:02}", ordinal, is_harsh=number == 1
                )

    def _judgement(self, who: str, ordinal: int, *, is_harsh: bool) -> Iterator[Told]:
        self._number += 1
        truth = self._draws.normal(3.2, 0.9, 3)
        case = self._case(who, self._levels(truth - 0.8 * is_harsh, 0.35))
        stream = draw_stream(COHORT, who)
        chance = SAMPLER.inclusion(case, ordinal=ordinal)
        ticket = SAMPLER.ticket(
            reviewer_id=who,
            judgement_id=str(case.judgement_id),
            ordinal=ordinal,
            probability_ppm=chance.probability_ppm,
        )
        about = {
            "judgement_id": case.judgement_id,
            "case_id": case.case_id,
            "attempt": case.attempt,
            "occurred_at": NOW,
        }
        yield stream, JudgementReceived(ordinal=ordinal, judged=case, occurred_at=NOW)
        yield (
            stream,
            ProbabilitySet(
                ordinal=ordinal,
                probability_ppm=chance.probability_ppm,
                rule=chance.rule,
                **about,
            ),
        )
        yield (
            stream,
            Drawn(
                ticket=f"{ticket.value:064x}",
                block_pick=ticket.is_block_pick,
                selected=ticket.is_selected,
                **about,
            ),
        )
        if ticket.is_selected:
            opened = Opened(judged=case, criterion_gap=2, occurred_at=NOW)
            facts = [opened, *self._moderation(case, truth)]
            yield from ((stream_of(case), fact) for fact in facts)
            yield from ((stream, fact) for fact in self._noted(case, facts))

    def _noted(self, case: JudgedCase, facts: list[Fact]) -> Iterator[Fact]:
        """Yield what the charts of the reviewer learn, with their alarms."""
        first = next(each for each in facts if isinstance(each, BlindJudgementRecorded))
        gaps = [case.levels[key] - first.levels[key] for key in CRITERIA]
        seen = Observation(
            level_difference=sum(gaps),
            absolute_difference=sum(map(abs, gaps)),
            overturned=isinstance(facts[-1], Overturned),
        )
        before = self._scores.get(case.reviewer_id, NO_SCORES)
        scores = self._scores[case.reviewer_id] = before.after(seen, DETECTION)
        yield DifferenceNoted(
            judgement_id=case.judgement_id,
            scores=scores,
            occurred_at=NOW,
            **asdict(seen),
        )
        for chart in scores.alarms(DETECTION):
            if chart not in before.alarms(DETECTION):
                yield AlarmRaised(
                    chart=chart,
                    scores=scores,
                    evidence=(case.judgement_id,),
                    occurred_at=NOW,
                )

    def _moderation(self, case: JudgedCase, truth: np.ndarray) -> Iterator[Fact]:
        first = blind(self._levels(truth, 0.2))
        yield first
        if first.outcome == case.outcome:
            yield Upheld(by="agreement", occurred_at=NOW)
            return
        second = blind(self._levels(truth, 0.2), SECOND, number=2)
        yield second
        if second.outcome == case.outcome:
            yield Upheld(by="majority", occurred_at=NOW)
            return
        yield Overturned(
            decided_by="p-lead",
            levels=second.levels,
            outcome=second.outcome,
            reason=sealed("reason"),
            feedback=sealed("feedback"),
            other_work="not_widened",
            other_work_reason=sealed("reason"),
            occurred_at=NOW,
        )

    def _case(self, who: str, levels: Levels) -> JudgedCase:
        setting = SETTINGS[min(2, int(self._draws.integers(0, 21)) // 10)]
        return judged(self._number, levels=levels, reviewer=who).model_copy(
            update={
                "judgement_id": UUID(int=self._number),
                "fairness": {"setting": setting},
                "adjusted": bool(self._draws.random() < 0.03),
            }
        )

    def _levels(self, truth: np.ndarray, noise: float) -> Levels:
        marks = np.clip(np.rint(truth + self._draws.normal(0, noise, 3)), 1, 4)
        return {
            key: int(mark) for key, mark in zip(CRITERIA, marks.tolist(), strict=True)
        }
