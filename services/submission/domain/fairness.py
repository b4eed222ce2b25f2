"""What a participant may say of themself so that fairness can be watched.

Invariant: every value is one of the closed list of the programme file, so nothing that
points to a person is ever part of it. Source: domain.md section 2 (role context), P.
"""

from collections.abc import Mapping, Sequence

from shared.contracts.programme import FairnessAttribute
from shared.errors import RuleViolatedError


class UnknownFairnessError(RuleViolatedError):
    """The programme does not ask this, or the answer is not one of its list."""


def refuse_unknown(said: Mapping[str, str], asked: Sequence[FairnessAttribute]) -> None:
    """Accept answers that the programme asks for; none of them has to be given.

    Raises:
        UnknownFairnessError: names the attribute and the answers there are.
    """
    known = {each.key: each for each in asked}
    for key, value in said.items():
        attribute = known.get(key)
        if attribute is None:
            raise UnknownFairnessError(asked=sorted(known))
        if not attribute.allows(value):
            values = [each.key for each in attribute.values]
            raise UnknownFairnessError(attribute=key, values=values)
