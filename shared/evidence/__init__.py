"""Portfolios and their files: encrypted per person, immutable, served by case.

Services write with `Snapshots.write` and `BlobStore.put`; whatever is shown to a person
goes through `Snapshots` with an `Access` that the service proved from facts.
"""

from shared.evidence.access import Access, NoPartInCaseError, Part
from shared.evidence.blobs import BlobPathError, BlobStore, StoredBlob, open_blob_store
from shared.evidence.objects import BlobMissingError, EvidenceUrlError
from shared.evidence.references import (
    EvidenceReferenceError,
    check_reference,
    cited_words,
)
from shared.evidence.sealing import BlobDamagedError
from shared.evidence.snapshot import (
    Snapshot,
    blocks_of,
    canonical_json,
    files_of,
)
from shared.evidence.snapshots import EvidenceNotListedError, ServedFile, Snapshots

__all__ = [
    "Access",
    "BlobDamagedError",
    "BlobMissingError",
    "BlobPathError",
    "BlobStore",
    "EvidenceNotListedError",
    "EvidenceReferenceError",
    "EvidenceUrlError",
    "NoPartInCaseError",
    "Part",
    "ServedFile",
    "Snapshot",
    "Snapshots",
    "StoredBlob",
    "blocks_of",
    "canonical_json",
    "check_reference",
    "cited_words",
    "files_of",
    "open_blob_store",
]
