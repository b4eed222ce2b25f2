"""Write a snapshot once; serve it, and the files it lists, to those with a part in it.

Invariant: nothing leaves here without an `Access` that fits the case of the snapshot,
and no file leaves that the snapshot does not list.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import ValidationError

from shared.contracts.portfolio import EvidenceFile
from shared.errors import NotFoundError
from shared.evidence.access import Access, NoPartInCaseError
from shared.evidence.blobs import BlobStore, StoredBlob
from shared.evidence.sealing import BlobDamagedError
from shared.evidence.snapshot import Snapshot, canonical_json
from shared.personal import Erased


class EvidenceNotListedError(NotFoundError):
    """The portfolio that was handed in has no such file."""


@dataclass(frozen=True, slots=True)
class ServedFile:
    """An evidence file on its way to a reader."""

    file: EvidenceFile
    content: AsyncIterator[bytes]
    """Chunks, each verified before it is given."""


class Snapshots:
    """Immutable portfolios in the evidence store."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def write(self, participant_id: str, snapshot: Snapshot) -> StoredBlob:
        """Store *snapshot*, durable when this returns; its content hash names it.

        Raises as `BlobStore.put`.
        """
        return await self._blobs.put(participant_id, canonical_json(snapshot))

    async def read(
        self, path: str, *, content_hash: str, access: Access
    ) -> Snapshot | Erased:
        """Return the snapshot at *path*, or `Erased` when the person was erased.

        Raises:
            NoPartInCaseError: *access* is not one to this case.
            BlobDamagedError: it is not the snapshot that *content_hash* names.
            BlobPathError, BlobMissingError, UnavailableError: as `BlobStore.get`.
        """
        participant_id = path.partition("/")[0]
        access.check(case_id=access.case_id, participant_id=participant_id)
        content = await self._blobs.get(path, content_hash=content_hash)
        if isinstance(content, Erased):
            return content
        snapshot = _parse(content, path)
        access.check(case_id=snapshot.case_id, participant_id=participant_id)
        return snapshot

    async def file(
        self, path: str, evidence_id: str, *, content_hash: str, access: Access
    ) -> ServedFile | Erased:
        """Return a file that the snapshot at *path* lists, or `Erased`.

        Raises:
            EvidenceNotListedError: the snapshot lists no such file.
            NoPartInCaseError, BlobDamagedError: as `read`.
        """
        snapshot = await self.read(path, content_hash=content_hash, access=access)
        if isinstance(snapshot, Erased):
            return snapshot
        file = snapshot.file(evidence_id)
        if file is None:
            raise EvidenceNotListedError(evidence_id=evidence_id)
        if file.path.partition("/")[0] != path.partition("/")[0]:
            raise NoPartInCaseError(case_id=access.case_id)
        content = await self._blobs.stream(file.path, content_hash=file.content_hash)
        return content if isinstance(content, Erased) else ServedFile(file, content)


def _parse(content: bytes, path: str) -> Snapshot:
    try:
        return Snapshot.model_validate_json(content)
    except ValidationError:
        pass
    # Outside the handler: pydantic's error quotes the portfolio, so it is not chained.
    raise BlobDamagedError(path=path)
