"""The limits, clocks and sampling plan of a programme; no number without a source."""

from shared.contracts.programme.values import (
    PositiveSetting,
    RateSetting,
    Record,
    Sourced,
    Version,
)


class UploadPolicy(Record):
    """Limits on what is handed in, checked before anything is unpacked."""

    file_bytes: PositiveSetting
    portfolio_bytes: PositiveSetting
    unpacked_bytes: PositiveSetting
    files: PositiveSetting


class ReviewPolicy(Record):
    """How a review is held and decided."""

    starts_after_deadline: Sourced[bool]
    period_months: PositiveSetting
    claim_lease_minutes: PositiveSetting
    met_level: PositiveSetting
    """CM only if every criterion is at this level or above."""


class SamplingPolicy(Record):
    """Which reviews are judged a second time."""

    first_judgements: PositiveSetting
    """So many first judgements of each reviewer in a cohort are always drawn."""
    block_size: PositiveSetting
    """One hidden case in each block of this many."""
    cnm_floor_ppm: RateSetting
    criterion_gap: PositiveSetting
    """Levels apart on one criterion that call a second moderator."""


class Policy(Record):
    """The limits and clocks of a programme, each with its source."""

    policy_version: Version
    uploads: UploadPolicy
    review: ReviewPolicy
    sampling: SamplingPolicy
