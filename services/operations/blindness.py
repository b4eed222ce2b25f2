"""Whoever moderates reads nothing at the desk that tells what others judged.

Invariant: roles are those that facts give, whatever a token says. Moderation keeps the
same rule for what it shows itself.
"""

from dataclasses import dataclass

from services.moderation.domain.standing.events import AppointmentNoted, StoodDown
from services.moderation.domain.standing.evolve import INITIAL, Standing, evolve
from services.submission.domain.events import ApplicationReceived, Enrolled
from shared.errors import ForbiddenError
from shared.eventlog import Codec, EventLog

UNJUDGED = frozenset({"address", "case", "clock", "cohort", "desk", "person"})
"""Categories of the log that nothing of a judgement is in before its release."""

_FIRST_FACTS = 50
"""How far into a case its cohort is looked for: what others tell of a case may come
before there is one."""


class StillModeratesError(ForbiddenError):
    """You moderate, and this shows what others judged: stand down in the cohort first.

    The context says how, or ask somebody who does not moderate.
    """


class ShowsJudgementsError(ForbiddenError):
    """You moderate, and these events show what others judged: name another category."""


class NamesWhoJudgesError(ForbiddenError):
    """You moderate, and this names who judges which case: ask who does not moderate."""


@dataclass(frozen=True, slots=True)
class Blindness:
    """Keeps those blind who may be asked to judge."""

    log: EventLog
    codec: Codec

    async def require_of_case(self, reader_id: str, case_id: str) -> None:
        """Return if *reader_id* may read what happened to a case.

        Raises:
            StillModeratesError: they moderate, and have not stood down in its cohort.
        """
        reader = await self._standing(reader_id)
        if "moderator" not in reader.roles:
            return
        cohort_id = await self._cohort_of(case_id)
        if cohort_id is not None and cohort_id not in reader.stood_down:
            raise StillModeratesError(
                cohorts=[cohort_id],
                stand_down=f"POST /cohorts/{cohort_id}/stand-down of moderation",
            )

    async def require_category(self, reader_id: str, category: str | None) -> None:
        """Return if *reader_id* may read events of a category; None is of all.

        Raises:
            ShowsJudgementsError: they moderate, and something judged may be in it.
        """
        if category in UNJUDGED:
            return
        if "moderator" in (await self._standing(reader_id)).roles:
            raise ShowsJudgementsError(categories=sorted(UNJUDGED))

    async def require_no_moderator(self, reader_id: str) -> None:
        """Return if *reader_id* moderates nowhere.

        Raises:
            NamesWhoJudgesError: they do.
        """
        if "moderator" in (await self._standing(reader_id)).roles:
            raise NamesWhoJudgesError

    async def _standing(self, person_id: str) -> Standing:
        state = INITIAL
        for event in await self.log.read_stream(f"standing-{person_id}"):
            fact = self.codec.decode(event)
            if isinstance(fact, AppointmentNoted | StoodDown):
                state = evolve(state, fact)
        return state

    async def _cohort_of(self, case_id: str) -> str | None:
        stream = f"case-{case_id}"
        for event in await self.log.read_stream(stream, up_to_version=_FIRST_FACTS):
            fact = self.codec.decode(event)
            if isinstance(fact, ApplicationReceived | Enrolled):
                return fact.cohort_id
        return None
