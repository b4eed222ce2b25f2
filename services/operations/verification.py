"""Whether the log is whole: gapless positions, right leaves, an unbroken chain."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from shared.eventlog import EventLog, StoredEvent, chain_hash, leaf_hash, scan
from shared.eventlog.hashes import GENESIS_CHAIN

BATCH_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over the whole log found."""

    events: int
    gapless: bool
    chain_valid: bool
    first_wrong_position: int | None

    @property
    def holds(self) -> bool:
        """True when nothing was found wrong."""
        return self.gapless and self.chain_valid

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain values."""
        return {**asdict(self), "holds": self.holds}


async def verify(log: EventLog, report: Callable[[int, int], None]) -> Verdict:
    """Walk the log from the beginning to its head and check every event.

    Needs a role that may read every category. *report* gets position and head.
    """
    head = (await log.head()).position
    walk = _Walk()
    async for events, scanned_to in scan(log, 0, head, batch=BATCH_EVENTS):
        for event in events:
            walk.see(event)
        report(scanned_to, head)
    return walk.verdict(head)


class _Walk:
    def __init__(self) -> None:
        self.position = 0
        self._events = 0
        self._chain = GENESIS_CHAIN
        self._gap: int | None = None
        self._broken: int | None = None

    def see(self, event: StoredEvent) -> None:
        """Check one event against what came before it."""
        self._events += 1
        if event.position != self.position + 1 and self._gap is None:
            self._gap = self.position + 1
        leaf = leaf_hash(event)
        is_whole = (event.leaf, event.chain) == (leaf, chain_hash(self._chain, leaf))
        if not is_whole and self._broken is None:
            self._broken = event.position
        self._chain = event.chain
        self.position = event.position

    def verdict(self, head: int) -> Verdict:
        """Return what was found, knowing that the log ends at *head*."""
        if self._gap is None and self.position < head:
            self._gap = self.position + 1
        wrong = [p for p in (self._gap, self._broken) if p is not None]
        return Verdict(
            events=self._events,
            gapless=self._gap is None,
            chain_valid=self._broken is None,
            first_wrong_position=min(wrong, default=None),
        )
