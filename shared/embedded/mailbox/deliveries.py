"""The deliveries: every message that was handed over, as it came, on disk.

Invariant: a delivery that `DeliveryStore.add` returned is durable and is never changed.
Numbers rise in the order of arrival; the same letter delivered twice is two deliveries.

A file is one line of JSON (the envelope) followed by the bytes of the message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.embedded.durable import TEMPORARY_SUFFIX, write_durably
from shared.errors import UnavailableError

_SUFFIX = ".delivery"


class DeliveryUnreadableError(UnavailableError):
    """A stored delivery is damaged: delete or restore the file that is named."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One hand-over of a message by SMTP."""

    number: int
    received_at: datetime
    sender: str
    """From the envelope; empty for a bounce."""
    recipients: tuple[str, ...]
    content: bytes
    """The message, with CRLF line ends, as it came."""


class _Envelope(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    received_at: AwareDatetime
    sender: str
    recipients: tuple[str, ...]


class DeliveryStore:
    """The deliveries kept as files in *directory*."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._last_number = 0

    def open(self) -> None:
        """Create the directory, clear what was cut off, and find the last number."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for unfinished in self.directory.glob(f"*{TEMPORARY_SUFFIX}"):
            unfinished.unlink()
        self._last_number = max(self._numbers(), default=0)

    def next_number(self) -> int:
        """Return a number that no delivery had before."""
        self._last_number += 1
        return self._last_number

    def add(self, delivery: Delivery) -> None:
        """Keep *delivery*; durable on return.

        Raises:
            OSError: the disk refused, and nothing was kept.
        """
        envelope = _Envelope(
            received_at=delivery.received_at,
            sender=delivery.sender,
            recipients=delivery.recipients,
        )
        head = envelope.model_dump_json().encode()
        write_durably(self._path(delivery.number), head + b"\n" + delivery.content)

    def read(self, number: int) -> Delivery:
        """Return the delivery *number*.

        Raises:
            DeliveryUnreadableError: its file is missing or damaged.
        """
        path = self._path(number)
        try:
            head, _, content = path.read_bytes().partition(b"\n")
            envelope = _Envelope.model_validate_json(head)
        except (FileNotFoundError, ValidationError) as error:
            message = (
                f"{path} is missing or damaged: restore it, or delete it and restart"
            )
            raise DeliveryUnreadableError(message) from error
        return Delivery(
            number=number,
            received_at=envelope.received_at,
            sender=envelope.sender,
            recipients=envelope.recipients,
            content=content,
        )

    def all(self) -> Iterator[Delivery]:
        """Yield every delivery in the order of arrival, reading one at a time."""
        for number in sorted(self._numbers()):
            yield self.read(number)

    def _numbers(self) -> list[int]:
        names = (path.stem for path in self.directory.glob(f"*{_SUFFIX}"))
        return [int(name) for name in names if name.isdecimal()]

    def _path(self, number: int) -> Path:
        return self.directory / f"{number:012d}{_SUFFIX}"
