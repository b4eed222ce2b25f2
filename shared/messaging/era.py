"""Which life of the log, and which filling of the topic, a message belongs to."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Era:
    """Later eras replace earlier ones; a consumer ignores every message of an older.

    *epoch* rises when the log was restored from a backup, *generation* when the topic
    is filled anew because the broker lost what it had confirmed. A restored database
    may hand out a generation number again, never together with the same epoch.
    """

    epoch: int
    generation: int

    def next_generation(self, epoch: int) -> "Era":
        """Return the era that replaces this one while the log is in *epoch*."""
        return Era(epoch=max(epoch, self.epoch), generation=self.generation + 1)


FIRST_ERA = Era(epoch=0, generation=0)
"""Of a relay that never ran."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Which log fills a topic, and in which era.

    A broker may outlive a database; what another log wrote is never taken for ours.
    """

    log_id: UUID
    era: Era
