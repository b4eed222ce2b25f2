"""Outcomes and overturns by what participants are compared on, small groups hidden.

A group of fewer than ten participants is not shown, and where its size would follow
from the total, the next smallest is hidden with it; somebody who tried twice is one.
The same holds of the official picks behind a rate of overturns: the rate of the cohort,
less those that are shown, tells that of what is left. Rates of all judgements have
Wilson's interval.
"""

from collections.abc import Collection, Mapping, Sequence

from services.moderation.statistics.estimates import not_estimable
from services.moderation.statistics.rates import share
from services.moderation.statistics.reports.asked import (
    LEAST_IN_GROUP,
    official,
)
from services.moderation.statistics.reports.judgements import Judgement, Records

_NOT_SAID = "not stated"
_TOO_FEW_PICKS = (
    "hidden: it, or another group, has too few official picks: they are of fewer than "
    f"{LEAST_IN_GROUP}"
)


def fairness_of(records: Records) -> dict[str, object]:
    """Return outcomes and overturns in the groups of every attribute."""
    return {
        attribute: _groups(_split(records.judgements, attribute))
        for attribute in _attributes(records.judgements)
    }


def hidden(
    members: Mapping[str, Collection[str]], *, unseen: Collection[str] = ()
) -> frozenset[str]:
    """Return the groups that are not shown, so that none follows from the others.

    *unseen* are not shown anyway; nobody has to be hidden in a group without members.
    """
    by_size = sorted(
        (name for name in members if members[name]),
        key=lambda name: (len(members[name]), name),
    )
    small = [
        name
        for name in by_size
        if len(members[name]) < LEAST_IN_GROUP or name in unseen
    ]
    rest = [name for name in by_size if name not in small]
    together = set().union(*(members[name] for name in small))
    must_grow = small and (len(small) == 1 or len(together) < LEAST_IN_GROUP)
    return frozenset((*small, *rest[:1]) if must_grow else small)


def shown_resubmissions(judgements: Sequence[Judgement]) -> int | None:
    """Return how many are no first attempt; None where a hidden size would follow."""
    groups = _split(judgements, "attempt")
    if "1" in hidden(_participants(groups)):
        return None
    return sum(each.judged.attempt > 1 for each in judgements)


def _groups(
    groups: Mapping[str, Sequence[Judgement]],
) -> dict[str, object]:
    unseen = hidden(_participants(groups))
    picks = {
        name: [each for each in judgements if each.is_settled and each.is_official]
        for name, judgements in groups.items()
    }
    untold = hidden(_participants(picks), unseen=unseen)
    return {
        name: _hidden_group()
        if name in unseen
        else _shown(groups[name], is_told=name not in untold)
        for name in sorted(groups)
    }


def _participants(
    groups: Mapping[str, Sequence[Judgement]],
) -> dict[str, frozenset[str]]:
    """Return who is in each group, as cases: one is of one participant."""
    return {
        name: frozenset(each.judged.case_id for each in judgements)
        for name, judgements in groups.items()
    }


def _hidden_group() -> dict[str, object]:
    reason = f"hidden: it, or another group, has fewer than {LEAST_IN_GROUP}"
    return {"judgements": None, "share_met": None, "overturns": None, "reason": reason}


def _shown(judgements: Sequence[Judgement], *, is_told: bool) -> dict[str, object]:
    met = sum(each.judged.outcome == "CM" for each in judgements)
    return {
        "judgements": len(judgements),
        "share_met": share(met, len(judgements)),
        "overturns": official(judgements) if is_told else not_estimable(_TOO_FEW_PICKS),
        "reason": None,
    }


def _attributes(judgements: Sequence[Judgement]) -> list[str]:
    stated = {name for each in judgements for name in each.judged.fairness}
    return [*sorted(stated), "role_context", "adjusted", "attempt"]


def _split(
    judgements: Sequence[Judgement], attribute: str
) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for each in judgements:
        found.setdefault(_value(each, attribute), []).append(each)
    return found


def _value(judgement: Judgement, attribute: str) -> str:
    judged = judgement.judged
    match attribute:
        case "role_context":
            return judged.role_context or _NOT_SAID
        case "adjusted":
            return "yes" if judged.adjusted else "no"
        case "attempt":
            return str(judged.attempt)
        case _:
            return judged.fairness.get(attribute, _NOT_SAID)
