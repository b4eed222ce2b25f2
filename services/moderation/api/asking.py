"""What the routes of a case have in common: its name, the token, who asks."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Path

from services.moderation.handlers import Shown
from shared.clock import Clock
from shared.vocabulary import Attempt, CaseId
from shared.web.identity import Identity

CasePath = Annotated[CaseId, Path()]
AttemptPath = Annotated[Attempt, Path()]
FencingToken = Annotated[UUID | None, Header()]
"""The token that taking the case answered with."""


def shown(
    case_id: str,
    attempt: int,
    identity: Identity,
    clock: Clock,
    token: UUID | None = None,
) -> Shown:
    """Return who asks for which round of which case, when."""
    return Shown(
        case_id=case_id,
        attempt=attempt,
        person_id=identity.person_id,
        token=token,
        at=clock(),
    )
