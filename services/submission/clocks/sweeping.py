"""Files that no fact refers to: found by their notes once they are old, and removed.

They come of two portfolios handed in at the same instant, of which one wins, and of a
process that ends after it stored a file and before the fact. A file that a fact refers
to is never removed, whatever the notes say.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.submission.domain.person.decide import person
from services.submission.domain.person.evolve import Registered
from services.submission.gateways import NotedFiles
from shared.evidence import BlobStore
from shared.handling import Handling
from shared.web.clockwork import keep_looking
from shared.web.loops import Background

SAFE_AGE = timedelta(hours=24)
"""Long after any request that stored a file has ended (P)."""
SWEEP_EVERY_SECONDS = 60 * 60.0
PEOPLE_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sweeping:
    """Removes what was stored in vain."""

    handling: Handling
    blobs: BlobStore
    noted: NotedFiles

    async def sweep(self, older_than: timedelta = SAFE_AGE) -> int:
        """Return how many files were removed; they were stored longer ago than that.

        Raises:
            UnavailableError: the log or the evidence store does not answer; what was
                removed is found removed the next time.
        """
        removed = 0
        for person_id in await self.noted.people(older_than, limit=PEOPLE_AT_ONCE):
            async with self.noted.forgetting(person_id, older_than) as paths:
                referred = await self._referred(person_id, paths)
                for path in sorted(set(paths) - referred):
                    await self.blobs.remove(path)
                    removed += 1
        return removed

    async def _referred(self, person_id: str, paths: tuple[str, ...]) -> set[str]:
        """Return those of *paths* that a fact of one of the person's cases names.

        Looked for in the bytes of the facts, so that no kind of fact can be forgotten.
        """
        _, known = await self.handling.fold(person, f"person-{person_id}")
        places = known.places if isinstance(known, Registered) else ()
        found: set[str] = set()
        for case_id in places:
            for event in await self.handling.log.read_stream(f"case-{case_id}"):
                found |= {each for each in paths if each.encode() in event.payload}
        return found


def keep_swept(
    sweeping: Sweeping, *, every_seconds: float = SWEEP_EVERY_SECONDS
) -> Background:
    """Return a loop that sweeps, until cancelled."""

    async def sweep() -> None:
        if removed := await sweeping.sweep():
            structlog.get_logger().info("files.swept", count=removed)

    async def loop() -> None:
        await keep_looking("sweep", sweep, every_seconds=every_seconds)

    return loop
