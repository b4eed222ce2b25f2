"""Settings of viva: those that every service has."""

from shared.settings import CommonSettings


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""
