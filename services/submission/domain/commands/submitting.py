"""Handing a portfolio in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.submission.domain.events import RoleContext
from shared.contracts.programme import FairnessAttribute, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Hand the portfolio in."""

    template: Template
    role_context: RoleContext | None
    fairness: Mapping[str, str] = field(default_factory=dict)
    """What is said of each attribute; not all have to be."""
    fairness_asked: tuple[FairnessAttribute, ...] = ()
    """What the programme asks."""
    snapshot_sha256: str
    snapshot_path: str
    cohort_deadline: date
    organisation_id: str | None = None
    """Where the participant works now; None: where they did at enrolment."""
    at: datetime
    """When it was received at the edge."""
