"""What a letter is made from, and what it becomes."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.notification.domain.events import Template
from shared.contracts.feedback import Feedback

LONDON = ZoneInfo("Europe/London")
"""Every date a participant reads is a date there. Source: architecture.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlements:
    """What somebody whose portfolio does not meet the criteria may still do."""

    resubmission_weeks: int = 6
    """Source: domain.md 3 (P)."""
    conversation_minutes: int = 30
    """Source: S2 6.2.1, S0."""
    explanation_working_days: int = 10
    """To ask for an explanation of the decision. Source: AP."""
    answer_working_days: int = 5
    """For us to explain. Source: AP."""
    appeal_working_days: int = 10
    """To appeal after the explanation. Source: AP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A decision to tell: to whom and from whom is said when it is rendered."""

    template: Template
    case_id: str
    cohort_id: str
    programme: str
    """Code of the programme, for example ``ATS``."""
    decided_at: datetime
    feedback: Feedback
    portfolio_template: str | None = None
    """Template of the portfolio, so that sections get the titles the writer knows."""
    entitlements: Entitlements = field(default_factory=Entitlements)

    @property
    def decided_on(self) -> date:
        """The day of the decision in London."""
        return self.decided_at.astimezone(LONDON).date()

    @property
    def resubmit_by(self) -> date:
        """The last day of the resubmission window.

        The day of the decision is day 0 and a date ends at 24:00 in London.
        Source: domain.md 3; architecture.md, "HTTP, time, drafts".
        """
        return self.decided_on + timedelta(weeks=self.entitlements.resubmission_weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A letter as it is handed over, and how it came to be."""

    content: bytes
    r"""The message: headers, text, HTML and PDF; every line ends with ``\r\n``."""
    message_id: str
    template: Template
    template_version: int
    template_sha256: str
    """Of the words and layouts before they are filled in."""
    content_sha256: str
