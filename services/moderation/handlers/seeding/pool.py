"""The pool of seeds of a programme: made, judged by its panel, retired."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from services.moderation.domain.decide import moderation
from services.moderation.domain.draw.decide import draw
from services.moderation.domain.judgement import JudgedCase
from services.moderation.domain.outcomes import OutcomeReleased, OutcomeRevised
from services.moderation.domain.seeds.commands import (
    MakeSeed,
    MarkSeed,
    NoteSeedRefusal,
    RetireSeed,
    Source,
)
from services.moderation.domain.seeds.decide import known, seeds
from services.moderation.domain.seeds.evolve import Seed
from services.moderation.domain.seeds.refusals import (
    AlreadyASeedError,
    NotOfThePanelError,
    NotToldYetError,
    PanelNotIndependentError,
    SourceWithdrawnError,
    UnknownSourceError,
)
from services.moderation.domain.situations import (
    Case,
    Reassessing,
    Released,
    Withdrawn,
    is_told,
    moderated,
)
from services.moderation.handlers.fields import (
    SEED_PERMISSION_FIELD,
    SEED_RATIONALE_FIELD,
    SEED_RETIREMENT_FIELD,
)
from services.moderation.handlers.opening import PortfolioErasedError
from services.moderation.handlers.seeding.words import (
    MarkWords,
    RetireWords,
    SeedWords,
)
from services.moderation.handlers.streams import (
    case_stream,
    colleague,
    draw_stream,
    pool_stream,
)
from shared.crypto import Vault
from shared.evidence import Access, ServedFile, Snapshot, Snapshots
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.ids import derived_id
from shared.personal import Erased

KEPT = (
    AlreadyASeedError,
    NotToldYetError,
    PanelNotIndependentError,
    SourceWithdrawnError,
)
"""Refusals that operations should see: a pool that is not what it seems to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedAsking:
    """Who asks about which pool, when."""

    programme: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SeedPortfolios:
    """Opens the portfolio of a seed, for its panel."""

    handling: Handling
    snapshots: Snapshots

    async def portfolio(self, asking: SeedAsking, seed_id: str) -> tuple[str, Snapshot]:
        """Return content hash and portfolio, for one of the panel.

        Raises:
            UnknownSeedError, NotOfThePanelError.
            PortfolioErasedError: the participant was erased.
        """
        made = (await self._of_panel(asking, seed_id)).made
        found = await self.snapshots.read(
            made.snapshot_path,
            content_hash=made.snapshot_sha256,
            access=_access(asking, made.case_id),
        )
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return made.snapshot_sha256, found

    async def file(
        self, asking: SeedAsking, seed_id: str, evidence_id: str
    ) -> ServedFile:
        """Return a file of the portfolio. Errors as `portfolio`.

        Raises:
            EvidenceNotListedError: the portfolio has no such file.
        """
        made = (await self._of_panel(asking, seed_id)).made
        served = await self.snapshots.file(
            made.snapshot_path,
            evidence_id,
            content_hash=made.snapshot_sha256,
            access=_access(asking, made.case_id),
        )
        if isinstance(served, Erased):
            raise PortfolioErasedError
        return served

    async def _of_panel(self, asking: SeedAsking, seed_id: str) -> Seed:
        _, pool = await self.handling.fold(seeds, pool_stream(asking.programme))
        seed = known(pool, seed_id)
        if asking.by not in seed.made.panel:
            raise NotOfThePanelError(seed_id=seed_id)
        return seed


@dataclass(frozen=True, slots=True)
class Pools:
    """The write side of ``seed-pool.`` streams."""

    handling: Handling
    vault: Vault
    portfolios: SeedPortfolios

    async def make(self, asking: SeedAsking, words: SeedWords, cause: Cause) -> Handled:
        """Have three people judge a decided case anew.

        Raises:
            UnknownSourceError: nothing of this case was judged here, or not of this
                programme.
            PortfolioErasedError: the participant was erased.
            NotALeadError, AlreadyASeedError, NotToldYetError, SourceWithdrawnError,
            NotAModeratorError, PanelNotIndependentError, EmployerUnknownError.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            state = await loader.state(
                moderation, case_stream(words.case_id, words.attempt)
            )
            judged, took_part = await _judged(loader, state)
            if judged is None or judged.programme != asking.programme:
                raise UnknownSourceError(case_id=words.case_id)
            first, second, third = [
                await colleague(loader, each) for each in words.panel
            ]
            command = MakeSeed(
                seed_id=seed_id_of(words),
                source=Source(
                    judged=judged,
                    template=await self._template(judged, asking),
                    is_told=is_told(state),
                    is_withdrawn=isinstance(state, Withdrawn),
                    took_part=took_part,
                ),
                panel=(first, second, third),
                permission=await self.vault.seal(
                    judged.participant_id,
                    words.permission,
                    field=SEED_PERMISSION_FIELD,
                ),
                by=await colleague(loader, asking.by),
                at=asking.at,
            )
            return (Step(seeds, pool_stream(asking.programme), command),)

        try:
            return await self.handling.plan(cause, build)
        except KEPT as refused:
            await self._keep(asking, words, refused.code, cause)
            raise

    async def mark(
        self, asking: SeedAsking, seed_id: str, words: MarkWords, cause: Cause
    ) -> Handled:
        """Say, as one of the panel, what a seed is worth.

        Raises:
            UnknownSeedError, NotOfThePanelError, NotAModeratorError,
            MarkedAlreadyError, SeedRetiredError.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            stream = pool_stream(asking.programme)
            seed = known(await loader.state(seeds, stream), seed_id)
            text = json.dumps(words.rationale, sort_keys=True, ensure_ascii=False)
            command = MarkSeed(
                seed_id=seed_id,
                by=await colleague(loader, asking.by),
                levels=words.levels,
                rationale=await self.vault.seal(
                    seed.made.participant_id, text, field=SEED_RATIONALE_FIELD
                ),
                at=asking.at,
            )
            return (Step(seeds, stream, command),)

        return await self.handling.plan(cause, build)

    async def retire(
        self, asking: SeedAsking, seed_id: str, words: RetireWords, cause: Cause
    ) -> Handled:
        """Use a seed no more.

        Raises:
            UnknownSeedError, NotALeadError.
        """
        reason = await self.vault.seal(
            asking.by, words.reason, field=SEED_RETIREMENT_FIELD
        )

        async def build(loader: Loader) -> tuple[Step, ...]:
            by = await colleague(loader, asking.by)
            command = RetireSeed(seed_id=seed_id, by=by, reason=reason, at=asking.at)
            return (Step(seeds, pool_stream(asking.programme), command),)

        return await self.handling.plan(cause, build)

    async def _keep(
        self, asking: SeedAsking, words: SeedWords, refusal: str, cause: Cause
    ) -> None:
        """Make a refusal a fact, where operations can read it."""
        note = NoteSeedRefusal(
            case_id=words.case_id,
            attempt=words.attempt,
            refusal=refusal,
            by=asking.by,
            at=asking.at,
        )
        command_id = derived_id("refusal", str(cause.command_id))
        own = replace(cause, command_id=command_id, request=None, inbox=None)
        await self.handling(own, Step(seeds, pool_stream(asking.programme), note))

    async def _template(self, judged: JudgedCase, asking: SeedAsking) -> str:
        found = await self.portfolios.snapshots.read(
            judged.snapshot_path,
            content_hash=judged.snapshot_sha256,
            access=_access(asking, judged.case_id),
        )
        if isinstance(found, Erased):
            raise PortfolioErasedError
        return found.template


def seed_id_of(words: SeedWords) -> str:
    """Return the id of the seed that is made of a case; it tells nothing of it."""
    return f"s{derived_id('seed', words.case_id, str(words.attempt)).hex[:20]}"


async def _judged(
    loader: Loader, state: Case
) -> tuple[JudgedCase | None, tuple[str, ...]]:
    """Return what was judged and who took part; None while nothing was decided."""
    told, last = _told(state), moderated(state)
    took_part = told.took_part if told else ()
    if last is not None:
        return last.judged, took_part
    for person_id in took_part:
        cohort_id = told.cohort_id if told else ""
        draws = await loader.state(draw, draw_stream(cohort_id, person_id))
        for entry in draws.entries.values():
            judged = entry.judged
            if told and _is_round(judged, told):
                return judged, took_part
    return None, ()


def _is_round(judged: JudgedCase, told: OutcomeReleased | OutcomeRevised) -> bool:
    return (judged.case_id, judged.attempt) == (told.case_id, told.attempt)


def _told(state: Case) -> OutcomeReleased | OutcomeRevised | None:
    match state:
        case Released(last=last) | Reassessing(released=Released(last=last)):
            return last
        case Withdrawn(before=before):
            return _told(before)
        case _:
            return None


def _access(asking: SeedAsking, case_id: str) -> Access:
    return Access(person_id=asking.by, case_id=case_id, part="moderator")
