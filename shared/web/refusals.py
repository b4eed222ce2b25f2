"""What people asked for and were refused, kept where operations can see it.

Invariant: a row names who asked, which route and why not, and nothing that they sent.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from fastapi import Request
from pydantic import BaseModel, ConfigDict

from shared.clock import Clock
from shared.database import DATABASE_AWAY, Pool
from shared.errors import ForbiddenError
from shared.web.identity import IDENTITY, READING, Identity

KEPT_DAYS = 90
"""How long a refusal can be read (P)."""

MOST_KEPT = 100_000
"""Whoever is signed in can be refused as often as they like (P)."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.\d{1,6})*")
"""Ids that we gave out; whatever else stands in an address may be anything."""

_ADD = """
INSERT INTO refusals.refusal
    (refused_at, service, method, route, subject, status, code, mistakes, actor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

_LIST = """
SELECT * FROM refusals.refusal
WHERE number < $1
  AND ($2::text IS NULL OR service = $2)
  AND ($3::text IS NULL OR code = $3)
  AND ($4::text IS NULL OR actor = $4)
ORDER BY number DESC LIMIT $5
"""

_FORGET = """
WITH forgotten AS (
    DELETE FROM refusals.refusal
    WHERE refused_at < $1
       OR number <= (SELECT max(number) FROM refusals.refusal) - $2
    RETURNING 1
)
SELECT count(*) FROM forgotten
"""


class Refusal(BaseModel):
    """One request that was refused: who, where, why; never what it held."""

    model_config = ConfigDict(frozen=True)

    number: int
    refused_at: datetime
    service: str
    method: str
    route: str
    """As the code writes it, with ``{case_id}`` and the like."""
    subject: str | None
    """The id in the address, if one of ours stood there."""
    status: int
    code: str
    """The last part of the problem's ``type``."""
    mistakes: Sequence[str]
    """Of a malformed request: kinds of mistakes, such as ``less_than_equal``."""
    actor: str


@dataclass(frozen=True, slots=True)
class Refusals:
    """Where one service notes what it refuses."""

    service: str
    pool: Pool
    clock: Clock

    async def note(
        self, request: Request, status: int, code: str, mistakes: Collection[str] = ()
    ) -> None:
        """Keep a refusal if a person asked for a change, or for too much."""
        asker = request.scope.get(IDENTITY)
        if not isinstance(asker, Identity) or asker.may("service"):
            return
        if request.method in READING and status != ForbiddenError.status:
            return
        where = (self.service, request.method, _route(request), _subject(request))
        why = (status, code, sorted(set(mistakes)))
        try:
            await self.pool.execute(_ADD, self.clock(), *where, *why, asker.person_id)
        except DATABASE_AWAY as error:
            structlog.get_logger().warning(
                "refusal.not_kept", code=code, reason=type(error).__name__
            )


async def refusals(
    pool: Pool,
    *,
    before: int,
    limit: int,
    service: str | None = None,
    code: str | None = None,
    actor: str | None = None,
) -> Sequence[Refusal]:
    """Return what was refused, newest first, with numbers below *before*."""
    rows = await pool.fetch(_LIST, before, service, code, actor, limit)
    return tuple(Refusal(**row) for row in rows)


async def forget_refusals(pool: Pool, now: datetime) -> int:
    """Delete what is older than `KEPT_DAYS` or beyond `MOST_KEPT`; return how many."""
    oldest = now - timedelta(days=KEPT_DAYS)
    count: int = await pool.fetchval(_FORGET, oldest, MOST_KEPT)
    return count


def _route(request: Request) -> str:
    """Return the pattern of the address; the address itself may hold anything."""
    path = getattr(request.scope.get("route"), "path", None)
    return path if isinstance(path, str) else "(none)"


def _subject(request: Request) -> str | None:
    for value in request.path_params.values():
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    return None
