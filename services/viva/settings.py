"""Settings of viva: those that every service has, and one clock."""

from pydantic import Field

from shared.settings import CommonSettings


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    viva_reminder_check_seconds: float = Field(default=15.0, gt=0, le=600)
    """How often offers that are not taken are looked for."""
