"""Files on their way into a case: what is not attached yet, each name sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.submission.domain.commands import AttachEvidence
from services.submission.domain.events import EvidenceAttached, EvidenceUse
from shared.contracts.portfolio import EvidenceFile
from shared.crypto import Vault

FILE_NAME = "portfolio.file_name"


async def attachments(
    vault: Vault,
    attached: Mapping[str, EvidenceAttached],
    files: Sequence[tuple[EvidenceFile, EvidenceUse]],
    at: datetime,
) -> tuple[AttachEvidence, ...]:
    """Return the commands for those of *files* that are not attached as they are used.

    Raises:
        SubjectErasedError: the participant was erased.
    """
    commands = []
    for file, use in files:
        before = attached.get(file.id)
        if before is not None and before.use in {use, "evidence"}:
            continue
        whose = file.path.partition("/")[0]
        commands.append(
            AttachEvidence(
                evidence_id=file.id,
                name=await vault.seal(whose, file.name, field=FILE_NAME),
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                content_hash=file.content_hash,
                path=file.path,
                use=use,
                at=at,
            )
        )
    return tuple(commands)
