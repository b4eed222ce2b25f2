"""Outcomes and overturns by what participants are compared on, small groups hidden.

A group under ten judgements is not shown, and where its size would follow from the
total, the next smallest is hidden with it. A rate of overturns needs ten official
picks in the group. Rates of all judgements have Wilson's interval.
"""

from collections.abc import Mapping, Sequence

from services.moderation.statistics.estimates import Estimate
from services.moderation.statistics.intervals import wilson
from services.moderation.statistics.reports.asked import (
    LEAST_IN_GROUP,
    official,
    too_few,
)
from services.moderation.statistics.reports.judgements import Judgement, Records

_NOT_SAID = "not stated"


def fairness_of(records: Records) -> dict[str, object]:
    """Return outcomes and overturns in the groups of every attribute."""
    return {
        attribute: _groups(_split(records.judgements, attribute))
        for attribute in _attributes(records.judgements)
    }


def hidden(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups that are not shown, so that none follows from the others."""
    by_size = sorted(sizes, key=lambda name: (sizes[name], name))
    small = [name for name in by_size if 0 < sizes[name] < LEAST_IN_GROUP]
    rest = [name for name in by_size if sizes[name] >= LEAST_IN_GROUP]
    must_grow = small and (
        len(small) == 1 or sum(sizes[name] for name in small) < LEAST_IN_GROUP
    )
    return frozenset((*small, *rest[:1]) if must_grow else small)


def _groups(
    groups: Mapping[str, Sequence[Judgement]],
) -> dict[str, object]:
    unseen = hidden({name: len(each) for name, each in groups.items()})
    return {
        name: _hidden_group() if name in unseen else _shown(groups[name])
        for name in sorted(groups)
    }


def _hidden_group() -> dict[str, object]:
    reason = f"hidden: it, or another group, has fewer than {LEAST_IN_GROUP}"
    return {"judgements": None, "share_met": None, "overturns": None, "reason": reason}


def _shown(judgements: Sequence[Judgement]) -> dict[str, object]:
    met = sum(each.judged.outcome == "CM" for each in judgements)
    picks = sum(each.is_settled and each.is_official for each in judgements)
    return {
        "judgements": len(judgements),
        "share_met": Estimate(
            value=met / len(judgements), interval=wilson(met, len(judgements))
        ),
        "overturns": official(judgements)
        if picks >= LEAST_IN_GROUP
        else too_few(picks, LEAST_IN_GROUP),
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
