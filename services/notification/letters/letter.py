"""What a letter is made from, and what it becomes."""

from dataclasses import dataclass
from datetime import date, datetime

from services.notification.domain.events import Template
from services.notification.domain.matters import Matter
from shared.contracts.feedback import Feedback
from shared.london import london_day

"""Every date a participant reads is a date there. Source: architecture.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Something to tell: to whom and from whom is said when it is rendered."""

    template: Template
    case_id: str
    matter: Matter
    told_at: datetime
    """When it was decided, or happened."""
    programme: str
    """Code of the programme, for example ``ATS``."""
    programme_version: str
    policy_version: str
    """The policy whose clocks and fees the letter tells."""
    cohort_id: str
    feedback: Feedback | None = None
    """What assessors wrote, where the matter has it sealed."""
    words: str | None = None
    """An explanation or the reasons of a panel, where the matter has them sealed."""
    link: str | None = None
    """A one-time link, in an invitation."""
    participant: str | None = None
    """Whose portfolio an invitation is about."""
    portfolio_template: str | None = None
    """Template of the portfolio, so that sections get the titles the writer knows."""

    @property
    def told_on(self) -> date:
        """The day of the decision in London."""
        return london_day(self.told_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A letter as it is handed over, and how it came to be."""

    content: bytes
    r"""The message: headers, text, HTML and files; every line ends with ``\r\n``."""
    message_id: str
    template: Template
    template_version: int
    template_sha256: str
    """Of the words and layouts before they are filled in."""
    content_sha256: str
