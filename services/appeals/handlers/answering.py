"""What the office and the panel answer: explanations, panels, decisions.

Invariant: whoever answers or hears is noted with the case in the same unit of work, so
that no later hearing can overlook it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.appeals.domain.answering import pending_of
from services.appeals.domain.casefile.commands import CloseAppeal, NotePart
from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.events import PartKind
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.commands import (
    AppointPanel,
    DecideAppeal,
    FallOverdue,
    GiveExplanation,
    RespondAboutSupport,
)
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import ExplanationGiven, HearingPanelAppointed
from services.appeals.domain.evolve import Appeal
from services.appeals.domain.hearer.decide import hearer
from services.appeals.domain.hearer.evolve import Hearer
from services.appeals.domain.refusals import UnknownAppealError
from services.appeals.handlers.sealing import Sealing
from services.appeals.handlers.streams import (
    appeal_stream,
    case_of,
    casefile_stream,
    hearer_stream,
)
from services.appeals.handlers.words import DecisionWords, ResponseWords
from shared.decider import Fact
from shared.handling import Cause, Handled, Handling, Ids, Loader, Step


@dataclass(frozen=True, slots=True)
class Answering:
    """Carries out what the office and the panel decide."""

    handling: Handling
    sealing: Sealing

    async def explain(
        self, appeal_id: str, text: str, *, at: datetime, cause: Cause
    ) -> Handled:
        """Explain a decision. Raises the errors of `domain.answering.explain`."""

        async def build(loader: Loader) -> Sequence[Step]:
            file, _ = await _opened(loader, appeal_id)
            command = GiveExplanation(
                file=file,
                by=cause.actor,
                explanation=await self.sealing.explanation(_whose(file), text),
                at=at,
            )
            return (
                Step(appeal, appeal_stream(appeal_id), command),
                _part(appeal_id, "explainer", (cause.actor,), at),
            )

        return await self.handling.plan(cause.answer(200, _ids), build)

    async def respond(
        self, appeal_id: str, words: ResponseWords, *, at: datetime, cause: Cause
    ) -> Handled:
        """Answer an appeal about support. Errors: `domain.answering.respond`."""

        async def build(loader: Loader) -> Sequence[Step]:
            file, _ = await _opened(loader, appeal_id)
            command = RespondAboutSupport(
                file=file,
                by=cause.actor,
                decision=words.decision,
                reasons=await self.sealing.reasons(_whose(file), words.reasons),
                at=at,
            )
            return (
                Step(appeal, appeal_stream(appeal_id), command),
                _part(appeal_id, "explainer", (cause.actor,), at),
                _closing(appeal_id, at),
            )

        return await self.handling.plan(
            cause.answer(200, {"appeal_id": appeal_id}), build
        )

    async def appoint(
        self, appeal_id: str, members: Sequence[str], *, at: datetime, cause: Cause
    ) -> Handled:
        """Say who hears an appeal. Errors: `domain.answering.appoint`."""

        async def build(loader: Loader) -> Sequence[Step]:
            file, _ = await _opened(loader, appeal_id)
            command = AppointPanel(
                file=file,
                members=await _hearers(loader, members),
                by=cause.actor,
                at=at,
            )
            return (
                Step(appeal, appeal_stream(appeal_id), command),
                _part(appeal_id, "appeal_panel", tuple(members), at),
            )

        return await self.handling.plan(cause.answer(200, _ids), build)

    async def decide(
        self, appeal_id: str, words: DecisionWords, *, at: datetime, cause: Cause
    ) -> Handled:
        """Uphold or dismiss. Errors: `domain.hearing.decide_appeal`."""

        async def build(loader: Loader) -> Sequence[Step]:
            file, state = await _opened(loader, appeal_id)
            members = pending_of(state).members
            command = DecideAppeal(
                file=file,
                members=await _hearers(loader, members),
                by=cause.actor,
                decision=words.decision,
                remedy=words.remedy,
                reasons=await self.sealing.reasons(_whose(file), words.reasons),
                at=at,
            )
            return (
                Step(appeal, appeal_stream(appeal_id), command),
                _closing(appeal_id, at),
            )

        return await self.handling.plan(
            cause.answer(200, {"appeal_id": appeal_id}), build
        )

    async def note_reading(
        self, appeal_id: str, reader_id: str, *, at: datetime
    ) -> None:
        """Know that somebody of the office reads what was written in an appeal."""
        cause = Cause.by_reader("appeals", reader_id, "operations", appeal_id)
        await self.handling(cause, _part(appeal_id, "reader", (reader_id,), at))

    async def fall_overdue(
        self, appeal_id: str, *, at: datetime, cause: Cause
    ) -> Handled:
        """Record that an answer is late, if it is."""

        async def build(loader: Loader) -> Sequence[Step]:
            file, _ = await _opened(loader, appeal_id)
            command = FallOverdue(file=file, at=at)
            return (Step(appeal, appeal_stream(appeal_id), command),)

        return await self.handling.plan(cause, build)


async def _opened(loader: Loader, appeal_id: str) -> tuple[CaseFile, Appeal]:
    file = await loader.state(casefile, casefile_stream(case_of(appeal_id)))
    return file, await loader.state(appeal, appeal_stream(appeal_id))


def _whose(file: CaseFile) -> str:
    if file.participant_id is None:
        raise UnknownAppealError
    return file.participant_id


async def _hearers(loader: Loader, person_ids: Sequence[str]) -> dict[str, Hearer]:
    return {
        person_id: await loader.state(hearer, hearer_stream(person_id))
        for person_id in person_ids
    }


def _part(
    appeal_id: str, part: PartKind, person_ids: tuple[str, ...], at: datetime
) -> Step:
    case_id = case_of(appeal_id)
    command = NotePart(
        case_id=case_id, part=part, person_ids=person_ids, appeal_id=appeal_id, at=at
    )
    return Step(casefile, casefile_stream(case_id), command)


def _closing(appeal_id: str, at: datetime) -> Step:
    case_id, _, number = appeal_id.partition(".")
    command = CloseAppeal(case_id=case_id, number=int(number), at=at)
    return Step(casefile, casefile_stream(case_id), command)


def _ids(facts: tuple[Fact, ...]) -> Ids:
    for fact in facts:
        if isinstance(fact, ExplanationGiven):
            by = fact.appeal_by.isoformat()
            return {"appeal_id": fact.appeal_id, "appeal_by": by}
        if isinstance(fact, HearingPanelAppointed):
            return {"appeal_id": fact.appeal_id, "members": len(fact.members)}
    return {}
