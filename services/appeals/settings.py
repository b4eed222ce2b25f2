"""Settings of appeals: those that every service has, and one clock."""

from pydantic import Field

from shared.settings import CommonSettings


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    appeals_overdue_check_seconds: float = Field(default=15.0, gt=0, le=600)
    """How often answers that are late are looked for."""
