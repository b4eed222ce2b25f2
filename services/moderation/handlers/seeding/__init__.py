"""Seeds: made and judged by a panel, put among a reviewer's work, compared."""

from services.moderation.handlers.seeding.judging import SeedCourses
from services.moderation.handlers.seeding.placing import Placing
from services.moderation.handlers.seeding.pool import (
    Pools,
    SeedAsking,
    SeedPortfolios,
)
from services.moderation.handlers.seeding.showing import SeedShowing
from services.moderation.handlers.seeding.words import (
    MarkWords,
    RetireWords,
    SeedWords,
)

__all__ = [
    "MarkWords",
    "Placing",
    "Pools",
    "RetireWords",
    "SeedAsking",
    "SeedCourses",
    "SeedPortfolios",
    "SeedShowing",
    "SeedWords",
]
