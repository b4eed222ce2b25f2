"""Seeds: made and judged by a panel, put among a reviewer's work, compared."""

from services.moderation.handlers.seeding.judging import SeedCourses
from services.moderation.handlers.seeding.placing import Placing
from services.moderation.handlers.seeding.pool import (
    Pools,
    SeedAsking,
    SeedPortfolios,
)
from services.moderation.handlers.seeding.qualifying import CourseAsking, Qualifying
from services.moderation.handlers.seeding.setting import Setting
from services.moderation.handlers.seeding.showing import SeedShowing
from services.moderation.handlers.seeding.showing_courses import QualificationShowing
from services.moderation.handlers.seeding.words import (
    EndingWords,
    MarkWords,
    RetireWords,
    SeedWords,
)

__all__ = [
    "CourseAsking",
    "EndingWords",
    "MarkWords",
    "Placing",
    "Pools",
    "QualificationShowing",
    "Qualifying",
    "RetireWords",
    "SeedAsking",
    "SeedCourses",
    "SeedPortfolios",
    "SeedShowing",
    "SeedWords",
    "Setting",
]
