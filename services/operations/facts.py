"""Every fact of every service, for readers that follow whole cases."""

from typing import TypeAlias

from services.appeals.domain.events import AppealFact
from services.moderation.domain.events import ModerationFact
from services.notification.domain.events import NoticeFact
from services.operations.domain.events import DeskFact
from services.review.domain.events import ReviewFact
from services.submission.domain.events import SubmissionFact
from services.viva.domain.events import VivaFact

AnyFact: TypeAlias = (
    SubmissionFact
    | ReviewFact
    | ModerationFact
    | NoticeFact
    | VivaFact
    | AppealFact
    | DeskFact
)
