"""What of a plan is checked against what there is today: names of rules.

A stored plan is not checked again, so it stays readable whatever is added or goes.
"""

from services.moderation.domain.inclusion import RULES
from services.moderation.domain.plan.refusals import RuleNameTakenError
from services.moderation.domain.rules import Rules


def refuse_unusable(rules: Rules) -> None:
    """Return if every draw under *rules* names what it rests on.

    Raises:
        RuleNameTakenError: a floor is called like a rule that is no floor.
    """
    taken = [each.rule for each in rules.floors if each.rule in RULES]
    if taken:
        raise RuleNameTakenError(taken=taken)
