"""Appeals as their participant, the panel and the office may see them.

Invariant: everything is read from folds, and whoever reads is checked against them; the
words are opened only for who has a part now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.appeals.domain.casefile.decide import casefile
from services.appeals.domain.casefile.evolve import CaseFile
from services.appeals.domain.clocks import clocks_of
from services.appeals.domain.decide import appeal
from services.appeals.domain.events import Upheld
from services.appeals.domain.evolve import Appeal
from services.appeals.domain.refusals import (
    NotOnThisPanelError,
    UnknownAppealError,
)
from services.appeals.domain.working_days import Standing
from services.appeals.handlers.sealing import QUESTION, STATEMENT
from services.appeals.handlers.streams import (
    appeal_stream,
    case_of,
    casefile_stream,
)
from services.appeals.handlers.summary import Summary, summary_of
from services.appeals.handlers.views import (
    AppealView,
    AppealWords,
    ClockView,
    HearingView,
    OfficeView,
)
from shared.contracts.feedback import WORDS_FIELD
from shared.crypto import Grant, Purpose, Vault
from shared.handling import Handling
from shared.personal import Erased

_FIELDS: Final = {
    "question": QUESTION,
    "explanation": WORDS_FIELD,
    "statement": STATEMENT,
    "reasons": WORDS_FIELD,
}
_OWN: Final = Grant(role="participant", purpose=Purpose.OWN_CASE)
_PANEL: Final = Grant(role="appeal_panel", purpose=Purpose.HEAR_APPEAL)
_OFFICE: Final = Grant(role="operations", purpose=Purpose.HEAR_APPEAL)


@dataclass(frozen=True, slots=True)
class Showing:
    """Reads cases and appeals."""

    handling: Handling
    vault: Vault

    async def own(self, appeal_id: str, person_id: str, now: datetime) -> AppealView:
        """Return an appeal as its participant may see it.

        Raises:
            UnknownAppealError: there is none, or it is somebody else's.
        """
        file, state = await self._opened(appeal_id)
        found = summary_of(state)
        if found.opened.participant_id != person_id:
            raise UnknownAppealError
        return AppealView(**await self._seen(found, file, state, now, _OWN))

    async def hearing(
        self, appeal_id: str, person_id: str, now: datetime
    ) -> HearingView:
        """Return an appeal as a member of its panel may see it.

        Raises:
            NotOnThisPanelError: the reader does not hear it.
        """
        file, state = await self._opened(appeal_id)
        found = summary_of(state)
        if person_id not in found.members:
            raise NotOnThisPanelError
        seen = await self._seen(found, file, state, now, _PANEL)
        return HearingView(**seen, members=found.members)

    async def office(
        self, appeal_id: str, reader_id: str, now: datetime, *, with_words: bool
    ) -> OfficeView:
        """Return an appeal as the office may see it; an auditor without the words.

        Raises:
            UnknownAppealError: there is none, or it is the reader's own.
        """
        file, state = await self._opened(appeal_id)
        if file.participant_id == reader_id:
            raise UnknownAppealError
        found = summary_of(state)
        return OfficeView(
            **await self._seen(
                found, file, state, now, _OFFICE if with_words else None
            ),
            members=found.members,
            participant_id=found.opened.participant_id,
            explained_by=found.answer.by if found.answer else None,
            decided_by=found.decision.by if found.decision else None,
            overdue_on=found.overdue_on,
        )

    async def clocks(self, appeal_id: str, as_of: datetime) -> tuple[ClockView, ...]:
        """Return how the clocks of an appeal stood at a moment.

        Raises:
            UnknownAppealError: there is no such appeal.
        """
        file, state = await self._opened(appeal_id)
        summary_of(state)
        return _clocks(file, state, as_of)

    async def _seen(
        self,
        found: Summary,
        file: CaseFile,
        state: Appeal,
        now: datetime,
        grant: Grant | None,
    ) -> dict[str, Any]:
        opened, decision = found.opened, found.decision
        return {
            "appeal_id": opened.appeal_id,
            "case_id": opened.case_id,
            "number": opened.number,
            "against": found.lodged.against if found.lodged else "decision",
            "decision": opened.decision,
            "state": found.state,
            "grounds": found.lodged.grounds if found.lodged else (),
            "remedy": decision.remedy if isinstance(decision, Upheld) else None,
            "words": await self._words(found, grant) if grant else AppealWords(),
            "clocks": _clocks(file, state, now),
        }

    async def _words(self, found: Summary, grant: Grant) -> AppealWords:
        opened: dict[str, str | None] = {}
        for name, envelope in found.sealed().items():
            text = await self.vault.open(
                envelope, str, field=_FIELDS[name], grant=grant
            )
            opened[name] = None if isinstance(text, Erased) else text
        return AppealWords(**opened)

    async def _file(self, case_id: str) -> CaseFile:
        _, file = await self.handling.fold(casefile, casefile_stream(case_id))
        return file

    async def _opened(self, appeal_id: str) -> tuple[CaseFile, Appeal]:
        _, state = await self.handling.fold(appeal, appeal_stream(appeal_id))
        return await self._file(case_of(appeal_id)), state


def _clocks(file: CaseFile, state: Appeal, as_of: datetime) -> tuple[ClockView, ...]:
    views = []
    for clock in clocks_of(state):
        if clock.started_at > as_of:
            continue
        reading = clock.read(file, as_of)
        met_at = clock.met_at if clock.met_at and clock.met_at <= as_of else None
        views.append(
            ClockView(
                name=clock.name,
                started_at=clock.started_at,
                working_days=clock.working_days,
                last_day=reading.last_day,
                is_stopped=isinstance(reading, Standing) and met_at is None,
                is_over=reading.is_over(met_at or as_of),
                met_at=met_at,
            )
        )
    return tuple(views)
