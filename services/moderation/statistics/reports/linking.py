"""Whether people are comparable: linked by cases that two of them judged.

The end-of-cohort report of how people err (Dawid and Skene) is refused where the cases
fall into parts without a common person, or a class has fewer than twenty cases.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from services.moderation.statistics.reports.records import Judgement, Records
from services.moderation.statistics.reviewers.dawid_skene import dawid_skene
from shared.vocabulary import Outcome

LEAST_OF_A_CLASS = 20
"""Cases of each outcome that are settled. Source: statistics.md 3.4."""

SMOOTHING = 1.0
"""Dirichlet(1) on each row of a confusion matrix. Source: statistics.md 3.4."""

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
        "reason": None,
    }


def _refusal(cases: Sequence[Judgement]) -> str | None:
    for outcome in _PLACES:
        number = sum(each.final == outcome for each in cases)
        if number < LEAST_OF_A_CLASS:
            return f"too few: {number} settled {outcome} of at least {LEAST_OF_A_CLASS}"
    parts = parts_of([[who for who, _ in _marks(each)] for each in cases])
    if len(parts) > 1:
        return f"not connected: people fall into {len(parts)} parts without a link"
    return None


def _marks(judgement: Judgement) -> list[tuple[str, Outcome]]:
    return [
        (judgement.reviewer_id, judgement.judged.outcome),
        *((mark.moderator_id, mark.outcome) for mark in judgement.blind),
    ]
