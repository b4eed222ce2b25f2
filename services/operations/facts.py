"""Every fact of every service, for readers that follow whole cases."""

from typing import Annotated, TypeAlias

from pydantic import Field

from services.moderation.domain.events import ModerationFact
from services.notification.domain.events import NoticeFact
from services.operations.domain.events import DeskFact
from services.review.domain.events import ReviewFact
from services.submission.domain.events import SubmissionFact

AnyFact: TypeAlias = Annotated[
    SubmissionFact | ReviewFact | ModerationFact | NoticeFact | DeskFact,
    Field(discriminator="type"),
]
