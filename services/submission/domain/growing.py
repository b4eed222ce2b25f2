"""A portfolio grows, section by section and file by file, until it is handed in."""

from typing import assert_never

from services.submission.domain.commands import (
    AttachEvidence,
    PortfolioCommand,
    SaveSection,
)
from services.submission.domain.events import (
    EvidenceAttached,
    PortfolioEvent,
    SectionSaved,
)
from services.submission.domain.evolve import Case
from services.submission.domain.submitting import enrolled, refuse_submitted


def growth(command: PortfolioCommand, state: Case) -> tuple[PortfolioEvent, ...]:
    """Return how the portfolio changes; empty when it is so already.

    Raises:
        NotEnrolledError: there is no such case.
        AlreadySubmittedError: the portfolio is handed in.
    """
    match command:
        case SaveSection():
            return _save(command, state)
        case AttachEvidence():
            return _attach(command, state)
        case _:
            assert_never(command)


def _save(command: SaveSection, state: Case) -> tuple[PortfolioEvent, ...]:
    saved = enrolled(state).sections.get(command.key)
    if saved is not None and saved.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
    return (
        SectionSaved(
            key=command.key,
            words=command.words,
            pictures=command.pictures,
            content_hash=command.content_hash,
            path=command.path,
            occurred_at=command.at,
        ),
    )


def _attach(command: AttachEvidence, state: Case) -> tuple[PortfolioEvent, ...]:
    attached = enrolled(state).evidence.get(command.evidence_id)
    if attached is not None and attached.content_hash == command.content_hash:
        return ()
    refuse_submitted(state)
    return (
        EvidenceAttached(
            evidence_id=command.evidence_id,
            name=command.name,
            media_type=command.media_type,
            size_bytes=command.size_bytes,
            content_hash=command.content_hash,
            path=command.path,
            occurred_at=command.at,
        ),
    )
