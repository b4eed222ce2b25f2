"""Whether a number on a certificate is one of ours."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.viva.domain.award_number import is_award_number
from services.viva.read_models import viva_awarded
from shared.carrying import carry
from shared.database import Pool
from shared.errors import BadInputError, NotFoundError
from shared.web.requests import Current, Reader

LONGEST_NUMBER = 60


class MisreadNumberError(BadInputError):
    """No certificate has such a number: compare it with the paper."""


class UnknownAwardError(NotFoundError):
    """No award has this number."""


class AwardView(BaseModel):
    """An award, and whether it is held."""

    award_id: str
    case_id: str
    participant_id: str | None
    programme: str | None
    status: str | None
    grade: str | None
    post_nominals: list[str]
    conferred_at: datetime | None
    is_held: bool


def awards_router(pool: Pool) -> APIRouter:
    """Return the route that checks a certificate."""
    router = APIRouter(tags=["awards"])

    @router.get("/awards/{award_id}")
    async def award(
        award_id: Annotated[str, Path(max_length=LONGEST_NUMBER)],
        reader: Reader,
        _: Current,
    ) -> AwardView:
        reader.require("operations", "auditor")
        if not is_award_number(award_id):
            raise MisreadNumberError
        row = await viva_awarded(pool, award_id)
        if row is None:
            raise UnknownAwardError
        return carry(row, AwardView, is_held=row.state == "awarded")

    return router
