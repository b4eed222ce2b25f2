"""The portfolio of a case, for the moderator who holds it.

Invariant: nothing is opened for anybody but the independent holder of a lease that has
not ended, decided from folded facts, never from a read model.
"""

from dataclasses import dataclass

from services.moderation.domain.commands import Colleague
from services.moderation.domain.decide import moderation
from services.moderation.domain.holding import holds_now
from services.moderation.domain.independence import require_moderator
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.refusals import JudgementRecalledError
from services.moderation.domain.situations import Case, Moderating, moderated
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.evolve import Standing
from services.moderation.handlers.streams import case_stream, standing_stream
from services.moderation.handlers.words import BlindWords, Shown
from shared.errors import NotFoundError
from shared.evidence import (
    Access,
    EvidenceReferenceError,
    ServedFile,
    Snapshot,
    Snapshots,
    check_reference,
)
from shared.handling import Handling
from shared.personal import Erased


class NotYoursError(NotFoundError):
    """There is no such case among those you hold or have judged: take it first."""


class PortfolioErasedError(NotFoundError):
    """The participant's data was erased: there is nothing left to read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens what holding a case gives a right to."""

    handling: Handling
    snapshots: Snapshots

    async def standing_of(self, person_id: str) -> Standing:
        """Return whom a moderator works for and supports, as facts have it."""
        _, found = await self.handling.fold(standing, standing_stream(person_id))
        return found

    async def has_part(self, shown: Shown) -> bool:
        """Tell whether this moderator holds the case or has judged it."""
        state = await self.fold(shown)
        last = moderated(state)
        if last is None:
            return False
        has_judged = any(each.moderator_id == shown.person_id for each in last.blind)
        return has_judged or holds_now(last.hold, shown.person_id, shown.at)

    async def portfolio(self, shown: Shown) -> tuple[str, Snapshot]:
        """Return content hash and portfolio, for the moderator who holds the case.

        Raises:
            NotYoursError: this moderator does not hold it now.
            PortfolioErasedError: the participant was erased.
        """
        judged = (await self.held(shown)).judged
        found = await self._snapshot(judged, shown.person_id)
        return judged.snapshot_sha256, found

    async def file(self, shown: Shown, evidence_id: str) -> ServedFile:
        """Return a file of the portfolio. Errors as `portfolio`.

        Raises:
            EvidenceNotListedError: the portfolio has no such file.
        """
        judged = (await self.held(shown)).judged
        served = await self.snapshots.file(
            judged.snapshot_path,
            evidence_id,
            content_hash=judged.snapshot_sha256,
            access=_access(judged, shown.person_id),
        )
        if isinstance(served, Erased):
            raise PortfolioErasedError
        return served

    async def refuse_foreign(
        self, judged: JudgedCase, person_id: str, words: BlindWords
    ) -> None:
        """Accept evidence references that all point into the portfolio.

        The caller has proven that *person_id* holds the case.

        Raises:
            EvidenceReferenceError: names the first that does not.
        """
        snapshot = await self._snapshot(judged, person_id)
        for criterion, references in words.evidence.items():
            for number, cited in enumerate(references):
                where = f"evidence.{criterion}[{number}]"
                try:
                    check_reference(
                        cited, snapshot, content_hash=judged.snapshot_sha256
                    )
                except EvidenceReferenceError as error:
                    message = f"{where}: {error}"
                    raise EvidenceReferenceError(message, **error.context) from None

    async def fold(self, shown: Shown) -> Case:
        """Return the case as facts have it."""
        stream = case_stream(shown.case_id, shown.attempt)
        _, state = await self.handling.fold(moderation, stream)
        return state

    async def held(self, shown: Shown) -> Moderating:
        """Return the case that this moderator holds now.

        Raises:
            NotYoursError: they do not.
            JudgementRecalledError: they did, until the judgement was taken back.
            NotIndependentError, NotAModeratorError: they no longer may.
        """
        state = await self.fold(shown)
        if not isinstance(state, Moderating):
            raise NotYoursError
        if state.is_recalled and state.lost_by == shown.person_id:
            raise JudgementRecalledError
        if not holds_now(state.hold, shown.person_id, shown.at):
            raise NotYoursError
        require_moderator(await self.colleague(shown), state)
        return state

    async def colleague(self, shown: Shown) -> Colleague:
        """Return who asks, with the standing that facts give them."""
        found = await self.standing_of(shown.person_id)
        return Colleague(person_id=shown.person_id, standing=found)

    async def _snapshot(self, judged: JudgedCase, person_id: str) -> Snapshot:
        found = await self.snapshots.read(
            judged.snapshot_path,
            content_hash=judged.snapshot_sha256,
            access=_access(judged, person_id),
        )
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return found


def _access(judged: JudgedCase, person_id: str) -> Access:
    return Access(person_id=person_id, case_id=judged.case_id, part="moderator")
