"""Unwrapped keys at hand, few and briefly, so that not every field asks the store."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from shared.clock import Clock
from shared.crypto.keys import PersonKey
from shared.crypto.keystore import Erasure, KeyStore
from shared.personal import Erased

CACHE_SECONDS = 60.0
"""Longest another process can go on opening after an erasure it was not told of (P)."""
CACHE_KEYS_MAX = 2_000
"""More people than one screen or one batch of messages is about (P)."""


class KeyRing:
    """Person keys by person and by id, from memory or from the store."""

    def __init__(
        self,
        keystore: KeyStore,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keystore = keystore
        self._clock = clock
        self._monotonic = monotonic
        self._cached: OrderedDict[str, tuple[PersonKey, float]] = OrderedDict()
        self._dropped = 0

    async def key_for(self, subject: str) -> PersonKey:
        """Return the living key of *subject*, durable before it is returned.

        Raises:
            SubjectErasedError: the person was erased.
            UnavailableError: the key store does not answer.
        """
        cached = self._from_cache(subject)
        if cached:
            return cached
        dropped = self._dropped
        key = await self._keystore.key_for(subject, at=self._clock())
        self._keep(key, dropped)
        return key

    async def keys(
        self, wanted: Iterable[tuple[str, str]]
    ) -> Mapping[str, PersonKey | Erased]:
        """Return the keys of these (subject, key id) by id; unknown ids are missing.

        Raises:
            UnavailableError: the key store does not answer.
        """
        found: dict[str, PersonKey | Erased] = {}
        missing: set[str] = set()
        for subject, key_id in wanted:
            cached = self._from_cache(subject)
            if cached and cached.id == key_id:
                found[key_id] = cached
            else:
                missing.add(key_id)
        if missing:
            dropped = self._dropped
            fetched = await self._keystore.keys(sorted(missing))
            for key in fetched.values():
                if isinstance(key, PersonKey):
                    self._keep(key, dropped)
            found.update(fetched)
        return found

    async def destroy(self, subject: str) -> Erasure:
        """Destroy the key of *subject*: nothing sealed with it can be opened again."""
        erasure = await self._keystore.destroy(subject, at=self._clock())
        self.forget(subject)
        return erasure

    def forget(self, subject: str) -> None:
        """Drop the key of *subject* from memory: another process erased the person."""
        self._cached.pop(subject, None)
        self._dropped += 1

    def _from_cache(self, subject: str) -> PersonKey | None:
        key, expires = self._cached.get(subject, (None, 0.0))
        if key is None or expires < self._monotonic():
            self._cached.pop(subject, None)
            return None
        self._cached.move_to_end(subject)
        return key

    def _keep(self, key: PersonKey, dropped: int) -> None:
        """Cache *key*, unless a key was dropped since it was asked for."""
        if dropped != self._dropped:
            return
        self._cached[key.subject] = (key, self._monotonic() + CACHE_SECONDS)
        self._cached.move_to_end(key.subject)
        while len(self._cached) > CACHE_KEYS_MAX:
            self._cached.popitem(last=False)
