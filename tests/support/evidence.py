"""Evidence stores for tests, in memory, with the real encryption."""

from obstore.store import MemoryStore

from shared.contracts.portfolio import EvidenceFile, Paragraph, PdfPage, Section
from shared.crypto import KeyRing
from shared.evidence import BlobStore, Snapshot, StoredBlob
from shared.evidence.objects import RemoteObjects
from tests.support.keys import fixed_clock, memory_keystore

WORDS = "I changed how we plan lessons; attendance rose."


class MemoryObjects(RemoteObjects):
    """Objects in memory that a test can alter behind the store's back."""

    def __init__(self) -> None:
        self.memory = MemoryStore()
        super().__init__(self.memory)

    def bytes_at(self, path: str) -> bytearray:
        """Return a copy of what is stored at *path*."""
        return bytearray(self.memory.get(path).bytes().to_bytes())

    def paths(self) -> list[str]:
        """Return every path there is."""
        return [found["path"] for page in self.memory.list() for found in page]


def memory_blobs(objects: MemoryObjects, keys: KeyRing | None = None) -> BlobStore:
    """Return a blob store over *objects* with fresh keys unless *keys* are given."""
    return BlobStore(objects, keys or KeyRing(memory_keystore(), fixed_clock))


def evidence_file(blob: StoredBlob, *, evidence_id: str = "plan") -> EvidenceFile:
    """Return the entry of a snapshot for *blob*."""
    return EvidenceFile(
        id=evidence_id,
        name="My plan.pdf",
        media_type="application/pdf",
        size_bytes=blob.size_bytes,
        content_hash=blob.content_hash,
        path=blob.path,
    )


def snapshot(*files: EvidenceFile, case_id: str = "case-1") -> Snapshot:
    """Return a snapshot of one written section and one of pages of each file."""
    pages = tuple(
        PdfPage(evidence_id=file.id, page=number, text=f"page {number}")
        for file in files
        for number in (1, 2)
    )
    return Snapshot(
        case_id=case_id,
        cohort_id="ats-2025-10",
        attempt=1,
        programme="ATS",
        programme_version="2025.1",
        policy_version="2025.1",
        template="phases",
        sections=(
            Section(
                key="critical-narrative",
                title="Critical narrative",
                blocks=(
                    Paragraph(text=WORDS),
                    Paragraph(text="Second \U0001f393 line"),
                ),
            ),
            Section(key="plan", title="Plan", blocks=pages),
        ),
        evidence=files,
    )
