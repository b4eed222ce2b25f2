"""What the players know of seeds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.vocabulary import CriterionKey


@dataclass(slots=True)
class Seeds:
    """What the players know of seeds; no service tells reviewers any of it."""

    sources: dict[str, str] = field(default_factory=dict)
    """By the words of a portfolio, the id of the seed."""
    worth: dict[str, Mapping[CriterionKey, int]] = field(default_factory=dict)
    """By id of the seed, what its panel found."""
    judged: dict[str, bool] = field(default_factory=dict)
    """By case, whether it was judged as the panel did."""
