"""The charts of many reviewers at once are those of the domain."""

import numpy as np
import pytest

from services.moderation.domain.detection import (
    DETECTION,
    Detection,
    Observation,
    Scores,
    escalated_ppm,
)
from services.moderation.domain.sampling import PARTS_PER_MILLION
from services.moderation.simulation.charts import Charts
from services.moderation.simulation.following import follow, shown
from services.moderation.simulation.marking import FAULTS
from services.moderation.simulation.policies import G
from services.moderation.simulation.populations import Source

PORTFOLIOS, REVIEWERS = 60, 8
SOURCE = Source(portfolios=PORTFOLIOS, met_levels=(3,), seed=7)
SENSITIVE = DETECTION.model_copy(update={"escalates_from_ppm": 0})


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("detection", [DETECTION, SENSITIVE], ids=["usual", "steep"])
class TestCharts:
    def test_are_those_of_the_domain_at_every_step(
        self, fault: str, detection: Detection
    ) -> None:
        """Scores, risk, alarm and probability of each reviewer, in whole numbers."""
        reviewers = SOURCE.reviewers(FAULTS[fault], REVIEWERS, "walking")[3]
        judgements = reviewers.judgements
        moderated = reviewers.chances.tickets < 2**31
        charts = Charts(REVIEWERS, detection)
        paths = [Scores() for _ in range(REVIEWERS)]
        for number in range(PORTFOLIOS):
            charts.add(shown(judgements, number), moderated[number])
            for which in map(int, np.flatnonzero(moderated[number])):
                seen = Observation(
                    level_difference=int(judgements.level_difference[number, which]),
                    absolute_difference=int(
                        judgements.absolute_difference[number, which]
                    ),
                    overturned=bool(judgements.is_wrong[number, which]),
                )
                paths[which] = paths[which].after(seen, detection)
            risk_ppm = charts.risk_ppm()
            asked_ppm = charts.escalated_ppm(risk_ppm, 100_000)
            for which, scores in enumerate(paths):
                assert scores == Scores(
                    harsh=int(charts.harsh[which]),
                    lenient=int(charts.lenient[which]),
                    erratic=int(charts.erratic[which]),
                    overturns=int(charts.overturns[which]),
                )
                assert risk_ppm[which] == scores.risk_ppm(detection)
                assert asked_ppm[which] == escalated_ppm(scores, detection, 100_000)
                has_alarm = bool(scores.alarms(detection))
                assert (risk_ppm[which] >= PARTS_PER_MILLION) == has_alarm

    def test_flag_a_reviewer_where_the_domain_raises_the_first_alarm(
        self, fault: str, detection: Detection
    ) -> None:
        reviewers = SOURCE.reviewers(FAULTS[fault], REVIEWERS, "walking")[3]
        followed = follow(G, detection, reviewers, to_the_end=True)
        for which in range(REVIEWERS):
            scores, flagged = Scores(), -1
            for number in range(PORTFOLIOS):
                if not followed.selected[number][which] or flagged >= 0:
                    continue
                judgements = reviewers.judgements
                seen = Observation(
                    level_difference=int(judgements.level_difference[number, which]),
                    absolute_difference=int(
                        judgements.absolute_difference[number, which]
                    ),
                    overturned=bool(judgements.is_wrong[number, which]),
                )
                scores = scores.after(seen, detection)
                flagged = number if scores.alarms(detection) else -1
            assert followed.flagged_at[which] == flagged
