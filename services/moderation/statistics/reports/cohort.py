"""A cohort as a whole: how much was moderated, overturned, and agreed on."""

from services.moderation.statistics.agreement.of_pairs import PairAgreement
from services.moderation.statistics.rates import hajek_mean, hajek_rate
from services.moderation.statistics.reports.asked import (
    LEVELS,
    OUTCOMES,
    Seeds,
    agreement,
    enough,
    level_pairs,
    official,
    outcome_pairs,
    too_few,
)
from services.moderation.statistics.reports.fairness import shown_resubmissions
from services.moderation.statistics.reports.judgements import Records
from shared.vocabulary import CRITERIA


def counts_of(records: Records) -> dict[str, int | None]:
    """Return how many judgements there are, and how far moderation is with them.

    What would tell the size of a hidden group is None.
    """
    all_of = records.judgements
    drawn = [each for each in all_of if each.is_selected]
    settled = [each for each in drawn if each.is_settled]
    return {
        "judgements": len(all_of),
        "resubmissions": shown_resubmissions(all_of),
        "reviewers": len({each.reviewer_id for each in all_of}),
        "waiting_for_the_draw": sum(each.is_selected is None for each in all_of),
        "drawn": len(drawn),
        "blind_pairs": len(records.paired),
        "settled": len(settled),
        "withdrawn": sum(each.is_withdrawn and not each.is_settled for each in drawn),
        "official_picks": sum(each.is_official for each in settled),
        "returned": sum(each.is_returned for each in drawn),
        "overturned": sum(each.is_wrong for each in settled),
    }


def overturns_of(records: Records) -> dict[str, object]:
    """Return overturn rates."""
    settled = [each for each in records.judgements if each.is_settled]
    sampled = [each for each in settled if each.is_sampled]
    wrong = [float(each.is_wrong) for each in sampled]
    inclusion = [each.inclusion for each in sampled]
    return {
        "official_rate": official(settled),
        "weighted_rate_of_the_sample": hajek_rate(wrong, inclusion),
    }


def agreement_of(records: Records, seeds: Seeds) -> dict[str, object]:
    """Return agreement of reviewers with blind moderators on outcome and criteria."""
    inclusion = [each.inclusion for each in records.sampled]
    outcome = agreement(
        OUTCOMES,
        outcome_pairs(records.sampled),
        seeds.of("cohort", "outcome"),
        inclusion=inclusion,
    )
    return {
        "outcome": outcome_agreement(outcome),
        "criteria": {
            criterion: {
                **on_levels(
                    agreement(
                        LEVELS,
                        level_pairs(records.sampled, criterion),
                        seeds.of("cohort", criterion),
                        inclusion=inclusion,
                    )
                ),
                "mean_difference": hajek_mean(
                    [each.gaps[place] for each in records.sampled], inclusion
                ),
            }
            for place, criterion in enumerate(CRITERIA)
        },
    }


def outcome_agreement(found: PairAgreement) -> dict[str, object]:
    """Return agreement on CM and CNM, and what explains its coefficients."""
    few = None if enough(found) else too_few(found.joint.pairs)
    return {
        "pairs": found.joint.pairs,
        "percent_agreement": found.percent(),
        "cohen_kappa": few or found.coefficient("cohen_kappa", "unweighted"),
        "gwet_ac1": few or found.coefficient("gwet_ac", "unweighted"),
        "krippendorff_alpha": few or found.alpha("nominal"),
        "specific_agreement_cnm": few or found.specific(0),
        "prevalence_index": found.index("prevalence"),
        "bias_index": found.index("bias"),
        "paradox": found.paradox() if enough(found) else None,
    }


def on_levels(found: PairAgreement) -> dict[str, object]:
    """Return agreement on the levels of one criterion."""
    few = None if enough(found) else too_few(found.joint.pairs)
    return {
        "pairs": found.joint.pairs,
        "percent_agreement": found.percent(),
        "quadratic_kappa": few or found.coefficient("cohen_kappa", "quadratic"),
        "gwet_ac2": few or found.coefficient("gwet_ac", "quadratic"),
        "krippendorff_alpha": few or found.alpha("ordinal"),
    }
