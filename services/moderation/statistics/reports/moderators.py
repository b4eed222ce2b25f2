"""Moderators beside one another, and each of them.

Pairs of moderators are those of disputed cases, which always have a second opinion,
and those drawn for one. Each counts by how likely it was, so that together they stand
for all first judgements of moderators. A case that is judged again because a
moderator was paused is left out: nobody drew it.
"""

from collections.abc import Sequence

from services.moderation.statistics.estimates import Estimate
from services.moderation.statistics.rates import hajek_mean, share
from services.moderation.statistics.reports.asked import (
    LEVELS,
    OUTCOMES,
    Seeds,
    agreement,
    enough,
    mark_of,
    moderator_pairs,
    too_few,
)
from services.moderation.statistics.reports.cohort import on_levels, outcome_agreement
from services.moderation.statistics.reports.judgements import Judgement, Records
from services.moderation.statistics.reports.reviewers import differences
from services.moderation.statistics.reviewers.severity import severities
from shared.vocabulary import CRITERIA

_DISPUTED = (
    "a second moderator is called where the first did not agree with the reviewer, so "
    "this is agreement on disputed cases, lower than on all"
)
_OF_ALL = (
    "disputed cases and those drawn for a second opinion, each weighted by its "
    "probability: together they stand for all first judgements of moderators"
)


def between_moderators(records: Records, seeds: Seeds) -> dict[str, object]:
    """Return how far moderators agree with one another.

    Under a plan without second opinions on disputed cases alone.
    """
    if not records.has_second_opinions:
        found = agreement(
            OUTCOMES, moderator_pairs(records.paired), seeds.of("moderators", "outcome")
        )
        return {
            "pairs": found.joint.pairs,
            "percent_agreement": found.percent(),
            "gwet_ac1": found.coefficient("gwet_ac", "unweighted")
            if enough(found)
            else too_few(found.joint.pairs),
            "note": _DISPUTED,
        }
    judgements = records.judged_by_two
    inclusion = [each.inclusion_of_both for each in judgements]
    outcome = agreement(
        OUTCOMES,
        moderator_pairs(judgements),
        seeds.of("moderators", "outcome"),
        inclusion=inclusion,
    )
    return {
        **outcome_agreement(outcome),
        "criteria": {
            key: on_levels(
                agreement(
                    LEVELS,
                    [
                        (e.blind[0].levels[key], e.blind[1].levels[key])
                        for e in judgements
                    ],
                    seeds.of("moderators", key),
                    inclusion=inclusion,
                )
            )
            for key in CRITERIA
        },
        "note": _OF_ALL,
    }


def moderators_of(records: Records, seeds: Seeds) -> dict[str, object]:
    """Return what can be said of each moderator.

    From their first, blind marks: severity as the mirror of the reviewers', moderator
    minus reviewer, in levels. Under a plan with second opinions also beside other
    moderators, as whoever of the two they were.
    """
    marked: dict[str, list[Judgement]] = {}
    for each in records.paired:
        marked.setdefault(each.blind[0].moderator_id, []).append(each)
    if records.has_second_opinions:
        for each in records.judged_by_two:
            marked.setdefault(each.blind[1].moderator_id, [])
    apart = {
        who: [(-apart, chance) for apart, chance in differences(judgements)]
        for who, judgements in sorted(marked.items())
    }
    severity = severities(apart)
    return {
        who: {
            "marked": len(marked[who]),
            "share_met": _share_met(marked[who]),
            "severity": severity[who],
            **_beside_others(who, records, seeds),
        }
        for who in apart
    }


def _beside_others(who: str, records: Records, seeds: Seeds) -> dict[str, object]:
    """Return how one moderator agrees with the others; nothing where nobody checks."""
    if not records.has_second_opinions:
        return {}
    theirs = [
        (each, place)
        for each in records.judged_by_two
        for place in (0, 1)
        if each.blind[place].moderator_id == who
    ]
    inclusion = [each.inclusion_of_both for each, _ in theirs]
    pairs = [
        (mark_of(each.blind[place]), mark_of(each.blind[1 - place]))
        for each, place in theirs
    ]
    found = agreement(
        OUTCOMES, pairs, seeds.of("moderator", who, "outcome"), inclusion=inclusion
    )
    first = [each for each in records.paired if each.blind[0].moderator_id == who]
    return {
        "second_opinions_drawn": sum(each.is_second_drawn for each in first),
        "beside_other_moderators": {
            "agreement": outcome_agreement(found),
            "mean_difference": hajek_mean(
                [_difference(each, place) for each, place in theirs], inclusion
            ),
        },
    }


def _difference(judgement: Judgement, place: int) -> float:
    """Return this moderator minus the other, in levels, mean over the criteria."""
    mine, other = judgement.blind[place].levels, judgement.blind[1 - place].levels
    return sum(mine[key] - other[key] for key in CRITERIA) / len(CRITERIA)


def _share_met(judgements: Sequence[Judgement]) -> Estimate:
    if not judgements:
        return too_few(0, 1)
    met = sum(each.blind[0].outcome == "CM" for each in judgements)
    return share(met, len(judgements))
