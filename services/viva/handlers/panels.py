"""Who holds a viva, and what they say about it.

Notes are sealed for the participant before anything is stored; nobody who is on no
panel of the case gets that far.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.viva.domain.commands import (
    AppointPanel,
    GiveVerdict,
    Member,
    SettleDifference,
)
from services.viva.domain.decide import viva
from services.viva.domain.events import (
    AwardConferred,
    NotPassed,
    PanelAppointed,
    PanelDisagreed,
)
from services.viva.domain.evolve import Case
from services.viva.domain.panellist.decide import panellist
from services.viva.domain.refusals import NotOnThisPanelError
from services.viva.domain.situations import panel_of, subject
from services.viva.handlers.following import steps_of
from services.viva.handlers.streams import panellist_stream, viva_stream
from services.viva.handlers.terms import Conferring
from services.viva.handlers.words import PanelWords, VerdictWords
from shared.crypto import Vault
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step
from shared.personal import Personal

NOTES: Final = "judgement.viva"


@dataclass(frozen=True, slots=True)
class Panels:
    """Panels and results."""

    handling: Handling
    conferring: Conferring
    vault: Vault

    async def appoint(
        self, case_id: str, words: PanelWords, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Let two people hold the viva.

        Raises:
            PanellistBusyError: one of them holds another viva at that time.
            The errors of ``domain.panels.appoint``.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            deputy = words.deputy_id
            sitting = panel_of(await loader.state(viva, viva_stream(case_id)))
            command = AppointPanel(
                lead=await _member(loader, words.lead_id),
                head=await _member(loader, words.head_id),
                deputy=await _member(loader, deputy) if deputy else None,
                sitting=tuple([await _member(loader, each) for each in sitting]),
                by=by,
                at=at,
            )
            return await steps_of(loader, case_id, command)

        return await self.handling.plan(cause.answer(200, _panel_ids(case_id)), build)

    async def give_verdict(
        self, case_id: str, words: VerdictWords, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Say how the viva went.

        Raises:
            NotOnThisPanelError: somebody who is not on its panel asks.
            The errors of ``domain.results.give_verdict``.
        """

        async def build(loader: Loader) -> tuple[Step, ...]:
            case = await loader.state(viva, viva_stream(case_id))
            about, other = subject(case), _other(case, by)
            command = GiveVerdict(
                by=await _member(loader, by),
                other=await _member(loader, other) if other else None,
                verdict=words.verdict,
                notes=await self._sealed(about.participant_id, words),
                terms=self.conferring.terms(about),
                conferral=self.conferring.conferral(about, at),
                at=at,
            )
            return await steps_of(loader, case_id, command)

        return await self.handling.plan(cause.answer(201, _result_ids(case_id)), build)

    async def settle(
        self, case_id: str, words: VerdictWords, *, by: str, at: datetime, cause: Cause
    ) -> Handled:
        """Decide between two verdicts. Errors: those of ``domain.results.settle``."""

        async def build(loader: Loader) -> tuple[Step, ...]:
            about = subject(await loader.state(viva, viva_stream(case_id)))
            command = SettleDifference(
                by=await _member(loader, by),
                verdict=words.verdict,
                notes=await self._sealed(about.participant_id, words),
                terms=self.conferring.terms(about),
                conferral=self.conferring.conferral(about, at),
                at=at,
            )
            return await steps_of(loader, case_id, command)

        return await self.handling.plan(cause.answer(201, _result_ids(case_id)), build)

    async def _sealed(self, participant_id: str, words: VerdictWords) -> Personal[str]:
        return await self.vault.seal(participant_id, words.notes, field=NOTES)


async def _member(loader: Loader, person_id: str) -> Member:
    known = await loader.state(panellist, panellist_stream(person_id))
    return Member(person_id=person_id, known=known)


def _other(case: Case, by: str) -> str | None:
    """Return the other of the panel; None while there is no panel.

    Raises:
        NotOnThisPanelError: *by* is not on it.
    """
    members = panel_of(case)
    if not members:
        return None
    if by not in members:
        raise NotOnThisPanelError
    return next(each for each in members if each != by)


def _panel_ids(case_id: str) -> Callable[[tuple[Fact, ...]], Ids]:
    def ids(facts: tuple[Fact, ...]) -> Ids:
        panels = [fact for fact in facts if isinstance(fact, PanelAppointed)]
        sitting: Ids = (
            {"lead_id": panels[0].lead_id, "head_id": panels[0].head_id}
            if panels
            else {}
        )
        return {"case_id": case_id, **sitting}

    return ids


def _result_ids(case_id: str) -> Callable[[tuple[Fact, ...]], Ids]:
    """Return what is told to whoever judged: what came of it, if anything did yet."""

    def ids(facts: tuple[Fact, ...]) -> Ids:
        result = None
        for fact in facts:
            match fact:
                case AwardConferred():
                    result = "passed"
                case NotPassed():
                    result = "not_passed"
                case PanelDisagreed():
                    result = "disagreed"
                case _:
                    pass
        return {"case_id": case_id, "result": result}

    return ids
