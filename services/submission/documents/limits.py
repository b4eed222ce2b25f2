"""How much a portfolio may hold and cost to read; at a limit is still accepted."""

from dataclasses import dataclass

from shared.contracts.programme import UploadPolicy

MAX_RATIO = 200
"""Unpacked bytes for one packed byte; text seldom passes 30. Source: P."""

RATIO_FREE_BYTES = 1024 * 1024
"""Files that unpack to no more than this may have any ratio. Source: P."""

MAX_WORD_PARTS = 2_000
"""Parts inside one Word document. Source: P."""

MAX_XML_BYTES = 32 * 1024 * 1024
"""Largest single part of text inside a Word document, in bytes. Source: P."""

MAX_TEXT_CHARACTERS = 2_000_000
"""Text of one file, about twenty times a long portfolio. Source: P."""

MAX_PDF_PAGES = 500
"""Pages of one PDF. Source: P."""

MAX_PICTURE_PIXELS = 100_000_000
"""Width times height of one picture. Source: P."""

MAX_FORM_BYTES = 64 * 1024
"""Size of ``portfolio.yaml``, in bytes. Source: P."""

MAX_NAME_BYTES = 255
"""Length of one step of a path, as file systems have it. Source: P."""


@dataclass(slots=True)
class Budget:
    """What the whole upload may unpack to, and how much of it is spent."""

    limit_bytes: int
    spent_bytes: int = 0

    def spend(self, size_bytes: int) -> bool:
        """Count *size_bytes*; False once the total is over the limit."""
        self.spent_bytes += size_bytes
        return self.spent_bytes <= self.limit_bytes


def budget_of(policy: UploadPolicy) -> Budget:
    """Return an unspent budget for one upload."""
    return Budget(limit_bytes=policy.unpacked_bytes.value)


def readable_size(size_bytes: int) -> str:
    """Return *size_bytes* for people, for example ``50 MB`` or ``1,025 bytes``."""
    megabyte = 1024 * 1024
    if size_bytes >= megabyte and size_bytes % megabyte == 0:
        return f"{size_bytes // megabyte} MB"
    return f"{size_bytes:,} bytes"
