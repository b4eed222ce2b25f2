"""Seal personal values into envelopes, and open them for those who may.

Invariant: plaintext leaves only under a grant that opens its kind of field, and where
the opening has to be recorded, only after it was. Plaintext is in no error or log line.
"""

from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from shared.clock import Clock
from shared.crypto.envelopes import decrypt, dump, encrypt, load
from shared.crypto.grants import Grant, kind_of
from shared.crypto.keys import decode, encode
from shared.crypto.keystore import KeyStore
from shared.crypto.ring import KeyRing
from shared.errors import ForbiddenError
from shared.personal import Erased, Personal

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is recorded before staff see personal values: who, what, why."""

    grant: Grant
    field: str
    subjects: tuple[str, ...]
    opened_at: datetime


OnOpened = Callable[[Opened], Awaitable[object]]
"""Makes a fact of an opening; plaintext is returned only after it has succeeded."""


class Vault:
    """Envelopes in, values out, by grant; and what else hangs on the same secret.

    *on_opened* is needed where grants are used whose openings are recorded.
    """

    def __init__(
        self, keystore: KeyStore, clock: Clock, *, on_opened: OnOpened | None = None
    ) -> None:
        self.keys = KeyRing(keystore, clock)
        """The person keys; the evidence store uses the same ring."""
        self._secret = keystore.secret
        self._clock = clock
        self._on_opened = on_opened

    def recording(self, on_opened: OnOpened) -> "Vault":
        """Return this vault, same keys and same cache, with openings recorded so."""
        recording = copy(self)
        recording._on_opened = on_opened  # noqa: SLF001 - its own class
        return recording

    async def seal(self, subject: str, value: T, *, field: str) -> Personal[T]:
        """Return *value* about *subject* as an envelope that opens as *field* only.

        *field* is ``<kind>.<name>``, for example ``contact.email``; see `Kind`. The
        person's key is durable before this returns.

        Raises:
            SubjectErasedError: the person was erased.
            UnavailableError: the key store does not answer.
        """
        kind_of(field)
        plaintext = dump(value, field)
        envelope: Personal[T] = encrypt(
            plaintext, await self.keys.key_for(subject), field
        )
        return envelope

    async def open(
        self, envelope: Personal[T], type_: type[T], *, field: str, grant: Grant
    ) -> T | Erased:
        """Return the value in *envelope*, or `Erased` when its key is destroyed.

        Raises:
            ForbiddenError: *grant* does not open this kind of field.
            EnvelopeError: it was altered, or sealed for another person or field.
            UnknownKeyError, SealedTypeError, UnavailableError: see there.
        """
        (value,) = await self.open_all((envelope,), type_, field=field, grant=grant)
        return value

    async def open_all(
        self,
        envelopes: Sequence[Personal[T]],
        type_: type[T],
        *,
        field: str,
        grant: Grant,
    ) -> tuple[T | Erased, ...]:
        """Return the values in *envelopes*, in order, asking the key store once.

        Raises as `open` does; one bad envelope refuses them all.
        """
        grant.check(field)
        keys = await self.keys.keys((each.subject, each.key) for each in envelopes)
        await self._record(envelopes, field, grant)
        opened = [decrypt(envelope, field, keys) for envelope in envelopes]
        return tuple(
            each if isinstance(each, Erased) else load(each, type_, field)
            for each in opened
        )

    def address_hash(self, address: str) -> str:
        """Return the keyed hash of an e-mail address, 64 hexadecimal digits.

        Raises:
            AddressError: it is not of the form name@domain.
        """
        return self._secret.address_hash(address)

    def request_digest(self, digest: bytes) -> bytes:
        """Return a keyed digest of a request's body that nobody can guess it from."""
        return self._secret.request_digest(digest)

    def link_mac(self, *parts: str) -> str:
        """Return what only a link of ours to exactly *parts* holds, 43 characters."""
        return self._secret.link_mac(*parts)

    def wrap(self, secret: bytes, *, name: str) -> str:
        """Return *secret*, which belongs to no person, wrapped and bound to *name*.

        It can be stored in the clear, for example a sampling key in its plan's fact.
        """
        return encode(self._secret.wrap(secret, "named", name))

    def unwrap(self, wrapped: str, *, name: str) -> bytes:
        """Return the secret that was wrapped for *name*.

        Raises:
            UnwrapError: it was altered, or wrapped for another name.
        """
        try:
            raw = decode(wrapped)
        except ValueError:
            raw = b""
        return self._secret.unwrap(raw, "named", name)

    async def _record(
        self, envelopes: Sequence[Personal[T]], field: str, grant: Grant
    ) -> None:
        if not grant.recorded or not envelopes:
            return
        if self._on_opened is None:
            message = "This service cannot record openings, so it may not make them."
            raise ForbiddenError(message, purpose=grant.purpose.value)
        subjects = tuple(dict.fromkeys(envelope.subject for envelope in envelopes))
        await self._on_opened(
            Opened(grant=grant, field=field, subjects=subjects, opened_at=self._clock())
        )
