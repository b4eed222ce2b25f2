"""What reading one file yields, whatever its format."""

import hashlib
from dataclasses import dataclass

from shared.contracts.portfolio import Block


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture found inside a document, with its bytes."""

    id: str
    data: bytes
    media_type: str
    ending: str
    """For its name, for example ``.png``."""


@dataclass(frozen=True, slots=True)
class Content:
    """The blocks of a file in order, and the pictures they show."""

    blocks: tuple[Block, ...]
    pictures: tuple[Picture, ...] = ()
    margins: tuple[str, ...] = ()
    """Texts of page headers and footers, without page numbers."""


def content_id(data: bytes) -> str:
    """Return the id under which *data* is kept: its SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
