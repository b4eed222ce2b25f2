"""What a participant asks: an explanation, an appeal, an appeal about support.

Invariant: the case is checked to be the asker's own before anything is sealed, and the
number of an appeal is given in the unit of work that opens it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appeals.domain.admitting import refuse_strangers
from services.appeals.domain.casefile.commands import OpenAppeal
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.commands import (
    LodgeAboutSupport,
    LodgeAppeal,
    RequestExplanation,
)
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import ExplanationRequested, Lodged
from services.appeals.domain.refusals import UnknownDecisionError
from services.appeals.handlers.sealing import Sealing
from services.appeals.handlers.streams import appeal_stream, case_of, casefile_stream
from services.appeals.handlers.words import ExplanationWords, LodgingWords
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step


@dataclass(frozen=True, slots=True)
class Asking:
    """Carries out what participants ask."""

    handling: Handling
    sealing: Sealing

    async def explanation(
        self, case_id: str, words: ExplanationWords, *, at: datetime, cause: Cause
    ) -> Handled:
        """Ask why a decision was made; the latest where none is named.

        Raises:
            The errors of `domain.asking.request_explanation`.
        """
        by = cause.actor

        async def build(loader: Loader) -> Sequence[Step]:
            file = await _own_file(loader, case_id, by)
            number = file.next_number()
            question = (
                await self.sealing.question(by, words.question)
                if words.question
                else None
            )
            command = RequestExplanation(
                case_id=case_id,
                number=number,
                file=file,
                decision_id=words.decision_id or _latest(file),
                by=by,
                question=question,
                at=at,
            )
            return (
                Step(appeal, appeal_stream(f"{case_id}.{number}"), command),
                _opening(case_id, number, command.decision_id, at),
            )

        return await self.handling.plan(cause.answer(201, _opened), build)

    async def appeal(
        self, appeal_id: str, words: LodgingWords, *, at: datetime, cause: Cause
    ) -> Handled:
        """Appeal against a decision that was explained.

        Raises:
            The errors of `domain.asking.lodge`.
        """
        by = cause.actor

        async def build(loader: Loader) -> Sequence[Step]:
            file = await _own_file(loader, case_of(appeal_id), by)
            command = LodgeAppeal(
                file=file,
                by=by,
                grounds=words.grounds,
                statement=await self.sealing.statement(by, words.statement),
                at=at,
            )
            return (Step(appeal, appeal_stream(appeal_id), command),)

        return await self.handling.plan(cause.answer(200, _opened), build)

    async def appeal_about_support(
        self, case_id: str, statement: str, *, at: datetime, cause: Cause
    ) -> Handled:
        """Appeal against the support received.

        Raises:
            The errors of `domain.asking.lodge_about_support`.
        """
        by = cause.actor

        async def build(loader: Loader) -> Sequence[Step]:
            file = await _own_file(loader, case_id, by)
            number = file.next_number()
            command = LodgeAboutSupport(
                case_id=case_id,
                number=number,
                file=file,
                by=by,
                statement=await self.sealing.statement(by, statement),
                at=at,
            )
            return (
                Step(appeal, appeal_stream(f"{case_id}.{number}"), command),
                _opening(case_id, number, None, at),
            )

        return await self.handling.plan(cause.answer(201, _opened), build)


async def _own_file(loader: Loader, case_id: str, person_id: str) -> CaseFile:
    file = await loader.state(casefile, casefile_stream(case_id))
    refuse_strangers(file, person_id)
    return file


def _latest(file: CaseFile) -> str:
    released = file.in_force()
    if not released:
        raise UnknownDecisionError
    return released[-1].decision_id


def _opening(case_id: str, number: int, decision_id: str | None, at: datetime) -> Step:
    command = OpenAppeal(case_id=case_id, number=number, decision_id=decision_id, at=at)
    return Step(casefile, casefile_stream(case_id), command)


def _opened(facts: tuple[Fact, ...]) -> Ids:
    for fact in facts:
        if isinstance(fact, ExplanationRequested | Lodged):
            due_on = fact.due_on.isoformat() if fact.due_on else None
            return {"appeal_id": fact.appeal_id, "due_on": due_on}
    return {}
