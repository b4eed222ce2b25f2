"""Conferring the award: what the programme promises, under a number of its own."""

from datetime import datetime

from services.viva.domain.commands import Conferral
from services.viva.domain.events import AwardConferred, OutcomeHeard


def confer(
    conferral: Conferral,
    about: OutcomeHeard,
    *,
    took_part: tuple[str, ...],
    at: datetime,
) -> AwardConferred:
    """Return the award: status, certificate, grade and letters. Source: S0, S1."""
    return AwardConferred(
        case_id=about.case_id,
        participant_id=about.participant_id,
        cohort_id=about.cohort_id,
        programme=about.programme,
        programme_version=about.programme_version,
        policy_version=about.policy_version,
        award_id=conferral.award_id,
        status=conferral.status,
        grade=conferral.grade,
        post_nominals=conferral.post_nominals,
        has_certificate=conferral.has_certificate,
        took_part=took_part,
        occurred_at=at,
    )
