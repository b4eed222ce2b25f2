"""Settings of submission: those that every service has, and how uploads are read."""

from pydantic import Field

from shared.settings import CommonSettings, Host, WebUrl


class Settings(CommonSettings):
    """Read from the environment once, when the process starts."""

    submission_readers: int = Field(default=2, ge=1, le=32)
    """Processes that read uploads at the same time."""
    submission_link_url: WebUrl | None = None
    """Where people outside open one-time links; None: at `submission_url`."""
    submission_malware_scanner: Host | None = None
    """``host:port`` of a clamd that every upload is shown to; None: of none."""
    submission_dates_check_seconds: float = Field(default=15.0, gt=0, le=3600)
    """How often reminders, missed windows and moved deadlines are looked for. What is
    received late is refused at once, however long this is."""
