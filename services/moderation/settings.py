"""Settings of moderation: those that every service has, and its clock."""

from pydantic import Field

from shared.settings import CommonSettings


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    moderation_overdue_check_seconds: float = Field(default=15.0, gt=0, le=600)
    """How often cases that were not settled in time are looked for."""
