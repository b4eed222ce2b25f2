"""Handing a portfolio in."""

from dataclasses import dataclass
from datetime import date, datetime

from services.submission.domain.events import RoleContext
from shared.contracts.programme import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Hand the portfolio in."""

    template: Template
    role_context: RoleContext | None
    snapshot_sha256: str
    snapshot_path: str
    cohort_deadline: date
    organisation_id: str | None = None
    """Where the participant works now; None: where they did at enrolment."""
    at: datetime
    """When it was received at the edge."""
