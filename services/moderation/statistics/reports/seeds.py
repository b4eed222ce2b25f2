"""How reviewers do on seeds: cases with definitive marks, seen by nobody as such."""

from services.moderation.domain.draw.seeded import SeedJudged
from services.moderation.statistics.estimates import not_estimable
from services.moderation.statistics.rates import NOTHING_SEEN, share
from services.moderation.statistics.reports.judgements import Records
from services.moderation.statistics.reports.reviewers import by_reviewer


def seeds_of(records: Records) -> dict[str, object]:
    """Return for each reviewer how many seeds they judged, and how many in tolerance.

    The interval is Wilson's; no weights, every seed is one with the same chance.
    """
    return {who: _of(who, records) for who in by_reviewer(records)}


def _of(who: str, records: Records) -> dict[str, object]:
    noted = (point.noted for point in records.points.get(who, ()))
    judged = [each for each in noted if isinstance(each, SeedJudged)]
    number, clear = len(judged), sum(each.in_tolerance for each in judged)
    return {
        "judged": number,
        "in_tolerance": clear,
        "another_outcome": sum(each.overturned for each in judged),
        "level_difference": sum(each.level_difference for each in judged),
        "share_in_tolerance": share(clear, number)
        if number
        else not_estimable(NOTHING_SEEN),
    }
