"""One active relay per service: a lease with a growing number, kept in the database.

Invariant: the term in the row only grows, and nothing of the relay is written under an
older one. Time is the database's alone.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from shared.database import Pool
from shared.messaging.errors import FencedError

RENEWALS_PER_LEASE = 3

_KNOW = "INSERT INTO messaging.relay (service) VALUES ($1) ON CONFLICT DO NOTHING"

_ACQUIRE = """
UPDATE messaging.relay
SET term = term + 1, holder = $2,
    lease_until = clock_timestamp() + make_interval(secs => $3)
WHERE service = $1 AND lease_until < clock_timestamp()
RETURNING term
"""

_RENEW = """
UPDATE messaging.relay
SET lease_until = clock_timestamp() + make_interval(secs => $3)
WHERE service = $1 AND term = $2
RETURNING true
"""

_RELEASE = """
UPDATE messaging.relay SET lease_until = '-infinity'
WHERE service = $1 AND term = $2
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to publish for *service*."""

    service: str
    term: int


class LeaseDesk:
    """Takes, keeps and gives back the lease of one service's relay."""

    def __init__(
        self, *, pool: Pool, service: str, holder: UUID, lease_seconds: float
    ) -> None:
        """Act for the process *holder*, named for operators to see."""
        self._pool = pool
        self._service = service
        self._holder = holder
        self._lease_seconds = lease_seconds

    async def take(self) -> Lease:
        """Return the lease as soon as nobody else holds it."""
        await self._pool.execute(_KNOW, self._service)
        while True:
            term = await self._pool.fetchval(
                _ACQUIRE, self._service, self._holder, self._lease_seconds
            )
            if term is not None:
                return Lease(service=self._service, term=term)
            await asyncio.sleep(self._lease_seconds / RENEWALS_PER_LEASE / 2)

    async def keep(self, lease: Lease) -> None:
        """Renew *lease* until cancelled.

        Raises:
            FencedError: somebody else holds it now.
        """
        while True:
            await asyncio.sleep(self._lease_seconds / RENEWALS_PER_LEASE)
            if not await self._pool.fetchval(
                _RENEW, lease.service, lease.term, self._lease_seconds
            ):
                raise FencedError

    async def give_back(self, lease: Lease) -> None:
        """Let another process take over at once."""
        await self._pool.execute(_RELEASE, lease.service, lease.term)
