"""The report of a cohort, put together from its parts."""

from services.moderation.statistics.estimates import DRAWS, LEVEL
from services.moderation.statistics.plain import Plain, plain
from services.moderation.statistics.reports.asked import (
    LEAST_IN_GROUP,
    LEAST_PAIRS,
    OVERTURN_THRESHOLD,
    SEVERITY_LIMIT,
    Seeds,
)
from services.moderation.statistics.reports.cohort import (
    agreement_of,
    counts_of,
    overturns_of,
)
from services.moderation.statistics.reports.drift import drift_of
from services.moderation.statistics.reports.fairness import fairness_of
from services.moderation.statistics.reports.judgements import Records
from services.moderation.statistics.reports.linking import errors_of, severities_of
from services.moderation.statistics.reports.moderators import (
    between_moderators,
    moderators_of,
)
from services.moderation.statistics.reports.qualifications import qualifications_of
from services.moderation.statistics.reports.reviewers import reviewers_of
from services.moderation.statistics.reports.seeds import seeds_of

REPORT = "moderation-report/4"
"""Changes when the same events would lead to another report."""


def report_of(records: Records, *, cohort_id: str, log_head: str) -> dict[str, Plain]:
    """Return everything that is reported of a cohort, as plain data.

    *log_head* names the last of the events: with the name of a statistic it seeds the
    draws behind it.
    """
    seeds = Seeds(log_head)
    parts: dict[str, object] = {
        "report": REPORT,
        "cohort_id": cohort_id,
        "log_head": log_head,
        "stated": {
            "level": LEVEL,
            "draws": DRAWS,
            "least_pairs_for_coefficients": LEAST_PAIRS,
            "least_participants_in_a_group": LEAST_IN_GROUP,
            "resubmissions_are": "null where they tell the size of a hidden group",
            "overturn_threshold": OVERTURN_THRESHOLD,
            "severity_limit_levels": SEVERITY_LIMIT,
            "an_overturn_is": "the reviewer's outcome did not stand after adjudication",
            "official_picks_are": "first judgements and hidden ones of blocks",
            "pairs_are": "reviewer and first moderator, blind to the reviewer's marks",
        },
        "counts": counts_of(records),
        "overturns": {
            **overturns_of(records),
            "agreement_of_moderators": between_moderators(records, seeds),
        },
        "agreement": agreement_of(records, seeds),
        "reviewers": reviewers_of(records, seeds),
        "drift": drift_of(records),
        "moderators": moderators_of(records, seeds),
        "errors_by_person": errors_of(records),
        "severities_in_logits": severities_of(records),
        "fairness": fairness_of(records),
    }
    if records.plan is not None and records.plan.drawn_by.seeds is not None:
        parts["seeds"] = seeds_of(records)
        if records.plan.drawn_by.seeds.qualification is not None:
            parts["qualifications"] = qualifications_of(records)
    return {name: plain(part) for name, part in parts.items()}
