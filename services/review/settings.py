"""Settings of review: those that every service has, and its clocks."""

from pydantic import Field

from shared.settings import CommonSettings


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    review_lapse_check_seconds: float = Field(default=15.0, gt=0, le=600)
    """How often leases that ended are looked for. A write with an ended lease is
    refused at once, however long this is."""
    review_overdue_check_seconds: float = Field(default=15.0, gt=0, le=600)
    """How often reviews that were not judged in time are looked for."""
