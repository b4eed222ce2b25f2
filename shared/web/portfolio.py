"""A portfolio as those who judge it see it: the same for every service.

Files come from participants, so they are never shown as part of a page of ours: always
an attachment, in a sandbox, of exactly the type that was detected.
"""

from urllib.parse import quote

from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from shared.carrying import carry
from shared.contracts.portfolio import EvidenceFile, Section
from shared.evidence import ServedFile, Snapshot

UNTRUSTED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
"""Headers of everything a participant uploaded."""


class File(BaseModel):
    """An evidence file, and what a reference to it needs."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    content_hash: str

    @classmethod
    def of(cls, file: EvidenceFile) -> "File":
        """Return *file* without the place where it is kept."""
        return carry(file, cls)


class PortfolioView(BaseModel):
    """The portfolio that was handed in: words, tables and pictures in order."""

    snapshot_sha256: str
    """What passages and files are cited by."""
    programme: str
    template: str
    sections: tuple[Section, ...]
    evidence: tuple[File, ...]

    @classmethod
    def of(cls, snapshot: Snapshot, content_hash: str) -> "PortfolioView":
        """Return *snapshot*, which is cited by *content_hash*."""
        return cls(
            snapshot_sha256=content_hash,
            programme=snapshot.programme,
            template=snapshot.template,
            sections=snapshot.sections,
            evidence=tuple(File.of(file) for file in snapshot.evidence),
        )


def download(served: ServedFile) -> StreamingResponse:
    """Return a file as an attachment that can do nothing to its reader."""
    name = quote(served.file.name.rpartition("/")[2], safe="")
    return StreamingResponse(
        served.content,
        media_type=served.file.media_type,
        headers={
            **UNTRUSTED,
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(served.file.size_bytes),
        },
    )
