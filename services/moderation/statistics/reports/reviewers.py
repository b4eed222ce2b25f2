"""Each reviewer: overturns, severity and agreement, with what is known of all."""

from collections.abc import Mapping, Sequence

from services.moderation.statistics.estimates import Estimate
from services.moderation.statistics.intervals import wilson
from services.moderation.statistics.rates import NOTHING_SEEN
from services.moderation.statistics.reports.asked import (
    OUTCOMES,
    OVERTURN_THRESHOLD,
    SEVERITY_LIMIT,
    Seeds,
    agreement,
    official,
    outcome_pairs,
)
from services.moderation.statistics.reports.cohort import outcome_agreement
from services.moderation.statistics.reports.judgements import Judgement, Records
from services.moderation.statistics.reviewers.overturns import (
    PUBLISHED,
    Prior,
    chance_above,
    prior_of,
    rate_of,
)
from services.moderation.statistics.reviewers.severity import (
    chance_beyond,
    severities,
)
from shared.vocabulary import CRITERIA


def by_reviewer(records: Records) -> dict[str, list[Judgement]]:
    """Return the judgements of each reviewer in order of arrival, by id."""
    found: dict[str, list[Judgement]] = {}
    for each in records.judgements:
        found.setdefault(each.reviewer_id, []).append(each)
    return found


def reviewers_of(records: Records, seeds: Seeds) -> dict[str, object]:
    """Return what can be said of each reviewer, and of the prior they share."""
    people = by_reviewer(records)
    seen = {who: _official_counts(judgements) for who, judgements in people.items()}
    prior = prior_of(*zip(*seen.values(), strict=True)) if seen else PUBLISHED
    severity = severities({who: _differences(each) for who, each in people.items()})
    return {
        "prior": {
            "mean": prior.mean,
            "correlation": prior.correlation,
            "origin": "published" if prior == PUBLISHED else "estimated",
        },
        "people": {
            who: {
                **_volumes(judgements),
                "overturns": _overturns(judgements, seen[who], prior),
                "severity": severity[who],
                "chance_of_severity_over_limit": chance_beyond(
                    severity[who], SEVERITY_LIMIT
                ),
                "mean_distance": _distance(judgements),
                "agreement": _agreement(who, judgements, seeds),
            }
            for who, judgements in people.items()
        },
    }


def _share(number: int, of: int) -> Estimate:
    return Estimate(value=number / of, interval=wilson(number, of))


def _volumes(judgements: Sequence[Judgement]) -> dict[str, object]:
    met = sum(each.judged.outcome == "CM" for each in judgements)
    return {
        "judgements": len(judgements),
        "drawn": sum(each.is_selected is True for each in judgements),
        "settled": sum(each.is_settled for each in judgements),
        "share_met": _share(met, len(judgements)),
    }


def _overturns(
    judgements: Sequence[Judgement],
    seen: tuple[int, int],
    prior: Prior,
) -> dict[str, object]:
    overturned, picks = seen
    return {
        "official_picks": picks,
        "overturned_of_them": overturned,
        "official_rate": official(judgements),
        "expected_rate": rate_of(prior, overturned, picks),
        "chance_over_threshold": chance_above(
            prior, overturned, picks, OVERTURN_THRESHOLD
        ),
    }


def _agreement(
    who: str, judgements: Sequence[Judgement], seeds: Seeds
) -> Mapping[str, object]:
    paired = [
        each
        for each in judgements
        if each.blind and each.is_sampled and not each.is_anothers
    ]
    found = agreement(
        OUTCOMES,
        outcome_pairs(paired),
        seeds.of("reviewer", who, "outcome"),
        inclusion=[each.inclusion for each in paired],
    )
    return outcome_agreement(found)


def _official_counts(judgements: Sequence[Judgement]) -> tuple[int, int]:
    """Return overturned and all of the settled official picks."""
    picks = [each for each in judgements if each.is_settled and each.is_official]
    return sum(each.is_wrong for each in picks), len(picks)


def _differences(judgements: Sequence[Judgement]) -> list[float]:
    return [sum(each.gaps) / len(CRITERIA) for each in judgements if each.blind]


def _distance(judgements: Sequence[Judgement]) -> Estimate:
    """Return the mean over pairs of the levels apart, summed over criteria."""
    apart = [sum(map(abs, each.gaps)) for each in judgements if each.blind]
    if not apart:
        return Estimate(value=None, reason=NOTHING_SEEN)
    return Estimate(value=sum(apart) / len(apart))
