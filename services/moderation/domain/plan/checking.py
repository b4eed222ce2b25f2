"""What of a plan is checked against what there is today: names of rules and decisions.

A stored plan is not checked again, so it stays readable whatever is added or goes.
"""

from collections.abc import Sequence
from typing import get_args

from services.moderation.domain.deciding import Settles
from services.moderation.domain.decisions import Asked
from services.moderation.domain.inclusion import RULES
from services.moderation.domain.plan.refusals import (
    DecisionUnknownError,
    RuleNameTakenError,
    UndecidableError,
)
from services.moderation.domain.rules import Rules
from shared.decider import Fact


def refuse_unusable(rules: Rules) -> None:
    """Return if every draw and every decision under *rules* has a meaning.

    Raises:
        RuleNameTakenError: a floor is called like a rule that is no floor.
        DecisionUnknownError: there is no such decision.
        UndecidableError: the lead could not settle a case either way.
    """
    taken = [each.rule for each in rules.floors if each.rule in RULES]
    if taken:
        raise RuleNameTakenError(taken=taken)
    known = {each.name(): each for each in get_args(Asked)}
    unknown = [name for name in rules.decisions if name not in known]
    if unknown:
        raise DecisionUnknownError(unknown=unknown, known=list(known))
    if not _settle_either_way([known[name].makes for name in rules.decisions]):
        raise UndecidableError


def _settle_either_way(facts: Sequence[type[Fact]]) -> bool:
    settling = [each for each in facts if issubclass(each, Settles)]
    return {each.changes_outcome() for each in settling} == {True, False}
