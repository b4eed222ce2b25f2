"""The write side of moderation, and what may be read from folds."""

from services.moderation.handlers.arrivals import Arrivals
from services.moderation.handlers.auditing import AuditedCase, audited_case
from services.moderation.handlers.blindness import Blindness
from services.moderation.handlers.cases import Cases
from services.moderation.handlers.disclosure import Disclosure
from services.moderation.handlers.drafting import Drafting
from services.moderation.handlers.due import Due
from services.moderation.handlers.exports import Exports
from services.moderation.handlers.opening import Opening
from services.moderation.handlers.plans import Plans
from services.moderation.handlers.rechecks import Rechecks, RecheckWords
from services.moderation.handlers.releases import Releases
from services.moderation.handlers.reports import ReportFormat, Reports
from services.moderation.handlers.seeding import (
    CourseAsking,
    EndingWords,
    MarkWords,
    Placing,
    Pools,
    QualificationShowing,
    Qualifying,
    RetireWords,
    SeedAsking,
    SeedCourses,
    SeedPortfolios,
    SeedShowing,
    SeedWords,
    Setting,
)
from services.moderation.handlers.showing import Showing
from services.moderation.handlers.standings import Standings, StandingWords
from services.moderation.handlers.views import ComparedCase, LeadCase
from services.moderation.handlers.words import (
    BlindWords,
    HeldCase,
    PlanWords,
    Shown,
)

__all__ = [
    "Arrivals",
    "AuditedCase",
    "BlindWords",
    "Blindness",
    "Cases",
    "ComparedCase",
    "CourseAsking",
    "Disclosure",
    "Drafting",
    "Due",
    "EndingWords",
    "Exports",
    "HeldCase",
    "LeadCase",
    "MarkWords",
    "Opening",
    "Placing",
    "PlanWords",
    "Plans",
    "Pools",
    "QualificationShowing",
    "Qualifying",
    "RecheckWords",
    "Rechecks",
    "Releases",
    "ReportFormat",
    "Reports",
    "RetireWords",
    "SeedAsking",
    "SeedCourses",
    "SeedPortfolios",
    "SeedShowing",
    "SeedWords",
    "Setting",
    "Showing",
    "Shown",
    "StandingWords",
    "Standings",
    "audited_case",
]
