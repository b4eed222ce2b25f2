"""Reports for the end of a cohort: everybody on one scale, if cases link them.

Both are refused where people fall into parts that no case links, and where there are
too few cases. They use cases with a blind second judgement alone: what somebody judged
alone tells of their caseload, too.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from services.moderation.statistics.estimates import Estimate, Interval
from services.moderation.statistics.intervals import normal_quantile
from services.moderation.statistics.reports.judgements import Judgement, Records
from services.moderation.statistics.reviewers.dawid_skene import dawid_skene
from services.moderation.statistics.reviewers.facets import (
    Facets,
    Ratings,
    fitted_facets,
)
from shared.vocabulary import CRITERIA, CriterionKey, Level, Outcome

LEAST_OF_A_CLASS = 20
"""Cases of each outcome that are settled. Source: statistics.md 3.4."""

SMOOTHING = 1.0
"""Dirichlet(1) on each row of a confusion matrix. Source: statistics.md 3.4."""

LEAST_CASES = 30
"""Cases with two judgements from which severities in logits are told (P)."""

_OF_WHAT_WAS_SEEN = (
    "of all that was judged blind a second time, what rules and alarms had drawn among "
    "it, and not weighted: it compares people, and is no rate of the cohort"
)

_DECIMALS = 3
"""Decimals of what a search for the maximum gives alike on every machine."""

_PLACES: dict[Outcome, int] = {"CNM": 0, "CM": 1}


def parts_of(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the people of *groups* in parts that share nobody; each part sorted."""
    leader: dict[str, str] = {}

    def head(person: str) -> str:
        while leader.setdefault(person, person) != person:
            person = leader[person]
        return person

    for group in groups:
        for person in group:
            leader[head(person)] = head(group[0])
    parts: dict[str, list[str]] = {}
    for person in sorted(leader):
        parts.setdefault(head(person), []).append(person)
    return sorted(parts.values())


def errors_of(records: Records) -> dict[str, object]:
    """Return how often each person names the true outcome, or why nobody can say."""
    cases = [each for each in records.paired if each.is_settled]
    reason = _refusal(cases)
    if reason is not None:
        return {"people": None, "reason": reason}
    people = sorted({who for each in cases for who, _ in _marks(each)})
    place = {who: number for number, who in enumerate(people)}
    counts = np.zeros((len(cases), len(people), len(_PLACES)))
    for row, each in enumerate(cases):
        for who, outcome in _marks(each):
            counts[row, place[who], _PLACES[outcome]] += 1
    fixed = {
        row: _PLACES[each.final]
        for row, each in enumerate(cases)
        if each.final is not None and (len(each.blind) > 1 or each.is_overturned)
    }
    found = dawid_skene(counts, fixed=fixed, smoothing=SMOOTHING)
    return {
        "share_cnm": float(found.shares[0]),
        "adjudicated_cases": len(fixed),
        "people": {
            who: {
                "cases": int(counts[:, place[who]].sum()),
                "says_cnm_where_it_is": float(found.confusion[place[who], 0, 0]),
                "says_cm_where_it_is": float(found.confusion[place[who], 1, 1]),
            }
            for who in people
        },
        "note": _OF_WHAT_WAS_SEEN,
        "reason": None,
    }


def _refusal(cases: Sequence[Judgement]) -> str | None:
    for outcome in _PLACES:
        number = sum(each.final == outcome for each in cases)
        if number < LEAST_OF_A_CLASS:
            return f"too few: {number} settled {outcome} of at least {LEAST_OF_A_CLASS}"
    return _unlinked(cases)


def _unlinked(cases: Sequence[Judgement]) -> str | None:
    parts = parts_of([[who for who, _ in _marks(each)] for each in cases])
    if len(parts) > 1:
        return f"not connected: people fall into {len(parts)} parts without a link"
    return None


def severities_of(records: Records) -> dict[str, object]:
    """Return everybody's severity in logits, or why nobody can say.

    Many-facet Rasch model; above zero is severe, and all sum to zero.
    """
    cases = records.paired
    reason = _unlinked(cases)
    if len(cases) < LEAST_CASES:
        reason = f"too few: {len(cases)} of at least {LEAST_CASES} cases judged twice"
    if reason is not None:
        return {"people": None, "reason": reason}
    people = sorted({who for each in cases for who, _ in _levels(each)})
    found = fitted_facets(_ratings(cases, people))
    return {
        "deviance": round(found.deviance, _DECIMALS),
        "deviation_of_cases": round(found.deviation, _DECIMALS),
        "people": {who: _severity(found, place) for place, who in enumerate(people)},
        "note": _OF_WHAT_WAS_SEEN,
        "reason": None,
    }


def _severity(found: Facets, place: int) -> Estimate:
    value = round(float(found.severities[place]), _DECIMALS)
    error = round(float(found.errors[place]), _DECIMALS)
    half = normal_quantile() * error
    interval = Interval(value - half, value + half, "normal")
    return Estimate(value=value, standard_error=error, interval=interval)


def _ratings(cases: Sequence[Judgement], people: Sequence[str]) -> Ratings:
    place = {who: number for number, who in enumerate(people)}
    marks = np.asarray(
        [
            (row, criterion, place[who], levels[key] - 1)
            for row, each in enumerate(cases)
            for who, levels in _levels(each)
            for criterion, key in enumerate(CRITERIA)
        ]
    )
    rows, criteria, raters, given = marks.T
    return Ratings(cases=rows, criteria=criteria, raters=raters, levels=given)


def _levels(
    judgement: Judgement,
) -> list[tuple[str, Mapping[CriterionKey, Level]]]:
    return [
        (judgement.reviewer_id, judgement.judged.levels),
        *((mark.moderator_id, mark.levels) for mark in judgement.blind),
    ]


def _marks(judgement: Judgement) -> list[tuple[str, Outcome]]:
    return [
        (judgement.reviewer_id, judgement.judged.outcome),
        *((mark.moderator_id, mark.outcome) for mark in judgement.blind),
    ]
