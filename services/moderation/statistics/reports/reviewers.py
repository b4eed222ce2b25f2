"""Each reviewer: overturns, severity and agreement, with what is known of all."""

from collections.abc import Mapping, Sequence

from services.moderation.statistics.estimates import Estimate
from services.moderation.statistics.rates import hajek_mean, share
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
    Priors,
    chance_above,
    known,
    priors_of,
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
    seen = {who: official_counts(judgements) for who, judgements in people.items()}
    prior = priors_of(*zip(*seen.values(), strict=True)) if seen else known(PUBLISHED)
    severity = severities({who: differences(each) for who, each in people.items()})
    return {
        "prior": {
            "mean": prior.mean,
            "correlation": prior.correlation,
            "origin": prior.origin,
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


def _volumes(judgements: Sequence[Judgement]) -> dict[str, object]:
    met = sum(each.judged.outcome == "CM" for each in judgements)
    return {
        "judgements": len(judgements),
        "drawn": sum(each.is_selected is True for each in judgements),
        "settled": sum(each.is_settled for each in judgements),
        "share_met": share(met, len(judgements)),
    }


def _overturns(
    judgements: Sequence[Judgement],
    seen: tuple[float, float],
    prior: Priors,
) -> dict[str, object]:
    picks = _official_picks(judgements)
    return {
        "official_picks": len(picks),
        "overturned_of_them": sum(each.is_wrong for each in picks),
        "official_rate": official(judgements),
        "expected_rate": rate_of(prior, *seen),
        "chance_over_threshold": chance_above(prior, *seen, OVERTURN_THRESHOLD),
    }


def _agreement(
    who: str, judgements: Sequence[Judgement], seeds: Seeds
) -> Mapping[str, object]:
    paired = [each for each in judgements if each.is_sampled_pair]
    found = agreement(
        OUTCOMES,
        outcome_pairs(paired),
        seeds.of("reviewer", who, "outcome"),
        inclusion=[each.inclusion for each in paired],
    )
    return outcome_agreement(found)


def _official_picks(judgements: Sequence[Judgement]) -> list[Judgement]:
    return [each for each in judgements if each.is_settled and each.is_official]


def official_counts(judgements: Sequence[Judgement]) -> tuple[float, float]:
    """Return overturned and all of the settled official picks, as effective numbers.

    A first judgement stands for itself, a hidden one for its block: as they come, the
    first ones would hide what changed later. (sum w)^2 / sum w^2 of all, and of these
    the weighted share. Source: statistics.md 2.7 and 3.2.
    """
    picks = _official_picks(judgements)
    if not picks:
        return 0.0, 0.0
    weights = [1 if each.is_first else each.block_size for each in picks]
    wrong = [w for w, each in zip(weights, picks, strict=True) if each.is_wrong]
    total = sum(weights)
    effective = total**2 / sum(weight**2 for weight in weights)
    return effective * sum(wrong) / total, effective


def differences(judgements: Sequence[Judgement]) -> list[tuple[float, float]]:
    """Return reviewer minus moderator of each sampled pair, and its probability."""
    return [
        (sum(each.gaps) / len(CRITERIA), each.inclusion)
        for each in judgements
        if each.is_sampled_pair
    ]


def _distance(judgements: Sequence[Judgement]) -> Estimate:
    """Return the mean of the levels apart, summed over criteria, of all their work."""
    pairs = [each for each in judgements if each.is_sampled_pair]
    return hajek_mean(
        [float(sum(map(abs, each.gaps))) for each in pairs],
        [each.inclusion for each in pairs],
    )
