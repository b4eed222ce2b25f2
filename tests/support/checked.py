"""A cohort as facts whose moderators are moderated, the first of them harsh."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from services.moderation.domain.decisions import Upheld
from services.moderation.domain.detection import Observation
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.opinions.commands import (
    DrawOpinion,
    NoteModeratorDifference,
)
from services.moderation.domain.opinions.decide import opinions
from services.moderation.domain.opinions.events import OpinionDrawn, OpinionEvent, Place
from services.moderation.handlers.streams import opinion_stream, plan_stream
from shared.decider import Fact
from shared.vocabulary import CRITERIA
from tests.support.moderated import Cohort, Levels, Told
from tests.unit.moderation.examples import (
    COHORT,
    NOW,
    PLAN,
    RULES,
    SAMPLER,
    blind,
    colleague,
    comparison,
    published,
)

MODERATORS = ("m-harsh", "m-one", "m-two", "m-three", "m-four")
RULES_WITH = RULES.model_copy(update={"second_opinions_ppm": 150_000})
CHECKING = replace(SAMPLER, rules=RULES_WITH)


class CheckedCohort(Cohort):
    """Keeps what two moderators would have said of every case they could both judge."""

    def __init__(self, *, reviewers: int = 10, each: int = 40) -> None:
        super().__init__(reviewers=reviewers, each=each)
        self.opinions: dict[str, list[OpinionEvent]] = {}
        self.would_agree: list[bool] = []

    def facts(self) -> Iterator[Told]:
        """Yield every fact with its stream; those about moderators come last."""
        plan = PLAN.model_copy(update={"rules": RULES_WITH})
        yield plan_stream(COHORT), published(plan)
        for stream, fact in super().facts():
            if stream != plan_stream(COHORT):
                yield stream, fact
        for moderator, facts in self.opinions.items():
            yield from ((opinion_stream(COHORT, moderator), fact) for fact in facts)

    def _moderation(self, case: JudgedCase, truth: np.ndarray) -> Iterator[Fact]:
        number = self._number % len(MODERATORS)
        names = MODERATORS[number], MODERATORS[number - 1]
        marks = [self._levels(truth - 0.8 * (w == MODERATORS[0]), 0.2) for w in names]
        first, second = (
            blind(levels, colleague(who), number=place)
            for place, (who, levels) in enumerate(zip(names, marks, strict=True), 1)
        )
        first = first.model_copy(update={"second_drawn": self._drawn(case, names[0])})
        self.would_agree.append(first.outcome == second.outcome)
        compared = comparison(case.levels, marks[0])
        yield from (first, compared)
        widest = max(abs(gap) for gap in compared.level_gaps.values())
        if first.second_drawn:
            self._noted_apart(case, names, marks)
        if first.second_drawn or compared.outcome_differs or widest >= 2:
            yield second
        yield Upheld(by="agreement", occurred_at=NOW)

    def _drawn(self, case: JudgedCase, moderator: str) -> bool:
        command = DrawOpinion(
            judgement_id=case.judgement_id,
            case_id=case.case_id,
            attempt=case.attempt,
            standing="tightened" if len(self.would_agree) == 30 else None,
            charts_from=None,
            sampler=CHECKING,
            at=NOW,
        )
        facts = self._about(moderator, command)
        return any(isinstance(each, OpinionDrawn) and each.selected for each in facts)

    def _noted_apart(
        self, case: JudgedCase, names: tuple[str, str], marks: list[Levels]
    ) -> None:
        gaps = [marks[0][key] - marks[1][key] for key in CRITERIA]
        places: tuple[Place, Place] = ("first", "second")
        for who, place, sign in zip(names, places, (1, -1), strict=True):
            seen = Observation(
                level_difference=sign * sum(gaps),
                absolute_difference=sum(map(abs, gaps)),
                overturned=not self.would_agree[-1],
            )
            self._about(
                who,
                NoteModeratorDifference(
                    judgement_id=case.judgement_id,
                    place=place,
                    judged_at=NOW,
                    standing=None,
                    charts_from=None,
                    observation=seen,
                    rules=RULES_WITH,
                    at=NOW,
                ),
            )

    def _about(
        self, who: str, command: DrawOpinion | NoteModeratorDifference
    ) -> tuple[OpinionEvent, ...]:
        known = self.opinions.setdefault(who, [])
        facts = tuple(opinions.decide(command, opinions.fold(known)))
        known.extend(facts)
        return facts
