"""What the panel of a viva may open: the portfolio, its files, and notes.

Invariant: nothing is opened for anybody without a current part in the viva, decided
from folded facts, never from a read model.
"""

from dataclasses import dataclass

from pydantic import BaseModel

from services.viva.domain.commands import Member
from services.viva.domain.decide import viva
from services.viva.domain.events import PortfolioNoted, Verdict, VerdictGiven
from services.viva.domain.evolve import Case
from services.viva.domain.panellist.decide import panellist
from services.viva.domain.reading import given_verdicts, may_read, readable_verdicts
from services.viva.handlers.panels import NOTES
from services.viva.handlers.streams import panellist_stream, viva_stream
from shared.crypto import Grant, Purpose, Vault
from shared.errors import NotFoundError
from shared.evidence import Access, ServedFile, Snapshot, Snapshots
from shared.handling import Handling
from shared.personal import Erased

GRANT = Grant(role="panel_member", purpose=Purpose.HOLD_VIVA)


class NotYoursError(NotFoundError):
    """There is no such viva among those you hold now."""


class PortfolioErasedError(NotFoundError):
    """The participant's data was erased: there is nothing left to read."""


class GivenVerdict(BaseModel):
    """What one of the panel said."""

    panellist_id: str
    verdict: Verdict
    notes: str | None
    """None once the participant is erased, and for an auditor."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens what a part in a viva gives a right to."""

    handling: Handling
    vault: Vault
    snapshots: Snapshots

    async def portfolio(self, case_id: str, reader_id: str) -> tuple[str, Snapshot]:
        """Return the content hash and the portfolio that was handed in last.

        Raises:
            NotYoursError: the reader has no part in this viva now.
            PortfolioErasedError: the participant was erased.
        """
        about = await self._portfolio(case_id, reader_id)
        found = await self.snapshots.read(
            about.snapshot_path,
            content_hash=about.snapshot_sha256,
            access=_access(about, reader_id),
        )
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return about.snapshot_sha256, found

    async def file(self, case_id: str, reader_id: str, evidence_id: str) -> ServedFile:
        """Return a file of the portfolio. Errors as `portfolio`.

        Raises:
            EvidenceNotListedError: the portfolio has no such file.
        """
        about = await self._portfolio(case_id, reader_id)
        served = await self.snapshots.file(
            about.snapshot_path,
            evidence_id,
            content_hash=about.snapshot_sha256,
            access=_access(about, reader_id),
        )
        if isinstance(served, Erased):
            raise PortfolioErasedError
        return served

    async def verdicts(self, case_id: str, reader_id: str) -> tuple[GivenVerdict, ...]:
        """Return one's own verdict, or both to who may settle a difference.

        Raises:
            NotYoursError: the reader has no part in this viva now.
        """
        reader, case = await self._reader(case_id, reader_id)
        given = readable_verdicts(reader, case)
        opened = await self.vault.open_all(
            tuple(each.notes for each in given), str, field=NOTES, grant=GRANT
        )
        pairs = zip(given, opened, strict=True)
        return tuple(_shown(each, notes) for each, notes in pairs)

    async def audited_verdicts(self, case_id: str) -> tuple[GivenVerdict, ...]:
        """Return every verdict of a viva that is being decided; notes stay sealed."""
        _, case = await self.handling.fold(viva, viva_stream(case_id))
        return tuple(_shown(each, None) for each in given_verdicts(case))

    async def _reader(self, case_id: str, reader_id: str) -> tuple[Member, Case]:
        _, case = await self.handling.fold(viva, viva_stream(case_id))
        _, known = await self.handling.fold(panellist, panellist_stream(reader_id))
        reader = Member(person_id=reader_id, known=known)
        if not may_read(reader, case):
            raise NotYoursError
        return reader, case

    async def _portfolio(self, case_id: str, reader_id: str) -> PortfolioNoted:
        _, case = await self._reader(case_id, reader_id)
        if case.known.portfolio is None:
            raise NotYoursError
        return case.known.portfolio


def _access(about: PortfolioNoted, reader_id: str) -> Access:
    return Access(person_id=reader_id, case_id=about.case_id, part="panel_member")


def _shown(given: VerdictGiven, notes: str | Erased | None) -> GivenVerdict:
    return GivenVerdict(
        panellist_id=given.panellist_id,
        verdict=given.verdict,
        notes=None if isinstance(notes, Erased) else notes,
    )
