"""Whether reviewers change over time: the points of the charts that steer the draws.

Points stand in the order in which judgements were settled, under a number of their own,
so that no chart tells which judgement was drawn. Moderators stand beside one another:
a point is one comparison, and an overturn an outcome that differs. Scores are
thousandths: of a standard deviation, or of a unit of log-likelihood.
Source: statistics.md 2.7 and 3.3.
"""

from collections.abc import Sequence

from services.moderation.domain.detection import Detection
from services.moderation.statistics.charts.runs import cusum_run_length
from services.moderation.statistics.reports.charted import Change, Point
from services.moderation.statistics.reports.judgements import Records
from services.moderation.statistics.reports.reviewers import by_reviewer

_POINTS = 1_000
_NO_CHARTS = "the plan of the cohort has no charts"
_DECIMALS = 0


def drift_of(records: Records) -> dict[str, object]:
    """Return the charts of every reviewer, or why there are none."""
    detection = records.plan.drawn_by.detection if records.plan else None
    if detection is None:
        return {"charts": None, "reason": _NO_CHARTS}
    return {
        "alarms": {
            "harsh": detection.severity.alarm,
            "lenient": detection.severity.alarm,
            "erratic": detection.dispersion.alarm,
            "overturns": detection.overturns.alarm,
        },
        "judgements_until_a_false_alarm_of_severity": _until_false(detection),
        "charts": {
            who: _chart(records.points.get(who, ()), records.changes.get(who, ()))
            for who in by_reviewer(records)
        },
        "charts_of_moderators": {
            who: _chart(points, records.moderator_changes.get(who, ()))
            for who, points in sorted(records.moderator_points.items())
        },
        "reason": None,
    }


def _until_false(detection: Detection) -> float:
    """Return the mean number of moderated judgements of somebody who marks well."""
    severity = detection.severity
    reference, limit = severity.allowance / _POINTS, severity.alarm / _POINTS
    length = cusum_run_length(0.0, reference=reference, limit=limit)
    return round(length, _DECIMALS)


def _chart(points: Sequence[Point], changes: Sequence[Change]) -> dict[str, object]:
    return {
        "points": [_point(number, point) for number, point in enumerate(points, 1)],
        "standings": list(changes),
    }


def _point(number: int, point: Point) -> dict[str, object]:
    scores = {
        str(chart): score
        for chart, score in (point.scores.by_chart() if point.scores else {}).items()
    }
    return {
        "number": number,
        "level_difference": point.noted.level_difference,
        "absolute_difference": point.noted.absolute_difference,
        "overturned": point.noted.overturned,
        **scores,
        "alarms": list(point.alarms),
    }
