"""What moderators and leads ask: which cases wait for me, and what is late.

Reads are hints: taking a case is decided from folded facts, never from these rows.
"""

from typing import Any

from services.moderation.read_models.cover import (
    ModeratorRow,
    awaiting_moderators,
    every_moderator,
    follow_moderator,
    moderator_of,
)
from services.moderation.read_models.queries import (
    START,
    Asker,
    held_by_somebody,
    not_settled_in_time,
    overdue_cases,
    queue_of,
)
from services.moderation.read_models.rows import CaseRow, case_of, follow_case
from services.moderation.read_models.seeds import (
    SeedRow,
    follow_seed,
    seed_of,
    seeds_to_compare,
)
from shared.projector import ReadModel

ALL: tuple[ReadModel[Any], ...] = (
    ReadModel(table="moderated_case", row=CaseRow, key=case_of, fold=follow_case),
    ReadModel(
        table="moderator", row=ModeratorRow, key=moderator_of, fold=follow_moderator
    ),
    ReadModel(table="placed_seed", row=SeedRow, key=seed_of, fold=follow_seed),
)

__all__ = [
    "ALL",
    "START",
    "Asker",
    "CaseRow",
    "ModeratorRow",
    "SeedRow",
    "awaiting_moderators",
    "case_of",
    "every_moderator",
    "follow_case",
    "follow_moderator",
    "follow_seed",
    "held_by_somebody",
    "moderator_of",
    "not_settled_in_time",
    "overdue_cases",
    "queue_of",
    "seed_of",
    "seeds_to_compare",
]
