"""Who moderates reads nothing that rests on what others judged, unless they stand down.

Invariant: roles are those that facts give, whatever a token says; a moderator who may
read what others judged in a cohort judges nothing of it blind, from then on.
"""

from dataclasses import dataclass
from datetime import datetime

from services.moderation.domain.plan.decide import plan
from services.moderation.domain.plan.evolve import Disclosed
from services.moderation.domain.refusals import StillModeratesError
from services.moderation.domain.situations import (
    Case,
    Moderating,
    Reassessing,
    Settled,
)
from services.moderation.domain.standing.commands import NoteReading, StandDown
from services.moderation.domain.standing.decide import standing
from services.moderation.domain.standing.evolve import Standing
from services.moderation.handlers.streams import plan_stream, standing_stream
from services.moderation.handlers.words import Shown
from shared.handling import Cause, Handled, Handling, Step

ASKED_TO_JUDGE = 2
"""So many judge a case blind at most: nobody is asked for it afterwards."""


@dataclass(frozen=True, slots=True)
class Blindness:
    """Keeps those blind who may be asked to judge."""

    handling: Handling

    async def stand_down(
        self, person_id: str, cohort_id: str, *, at: datetime, cause: Cause
    ) -> Handled:
        """Let somebody judge nothing of a cohort blind any more; it is for good."""
        command = StandDown(person_id=person_id, cohort_id=cohort_id, at=at)
        step = Step(standing, standing_stream(person_id), command)
        return await self.handling(cause, step)

    async def require(self, reader_id: str, cohort_id: str) -> None:
        """Return if *reader_id* may read what others judged in a cohort.

        Raises:
            StillModeratesError: they moderate, and have not stood down in it.
        """
        _refuse_moderator(await self._standing(reader_id), (cohort_id,))

    async def require_of_case(self, reader_id: str, cohort_id: str, case: Case) -> None:
        """Return if *reader_id* may read marks of this case. Errors as `require`."""
        if may_be_judged_blind(case):
            await self.require(reader_id, cohort_id)

    async def note_reading(self, case: Shown, role: str) -> None:
        """Know that who asks, in *role*, reads marks of a case: they judge it no more.

        Once for each reader and attempt, also of what nobody is to judge any more: an
        appeal, or a conflict, may have it judged afresh.
        """
        named = (case.case_id, str(case.attempt))
        command = NoteReading(
            person_id=case.person_id,
            case_id=case.case_id,
            attempt=case.attempt,
            at=case.at,
        )
        cause = Cause.by_reader("moderation", case.person_id, role, *named)
        step = Step(standing, standing_stream(case.person_id), command)
        await self.handling(cause, step)

    async def require_of_person(self, reader_id: str, person_id: str) -> None:
        """Return if *reader_id* may read where somebody stands.

        That rests on all cohorts they judge in; those whose key is public are closed.
        Errors as `require`.
        """
        theirs = await self._standing(person_id)
        reader = await self._standing(reader_id)
        if "moderator" in reader.roles:
            running = [each for each in theirs.cohorts if await self._runs(each)]
            _refuse_moderator(reader, running)

    async def _runs(self, cohort_id: str) -> bool:
        _, cohort = await self.handling.fold(plan, plan_stream(cohort_id))
        return not isinstance(cohort.stage, Disclosed)

    async def _standing(self, person_id: str) -> Standing:
        _, found = await self.handling.fold(standing, standing_stream(person_id))
        return found


def may_be_judged_blind(case: Case) -> bool:
    """Tell whether somebody may yet be asked to judge this case blind.

    Also what is settled: until it is told, one who agreed may have been paused, or the
    reviewer takes the judgement back. And what was told and is wanted afresh.
    """
    match case:
        case Moderating(stage="first" | "second") | Reassessing():
            return True
        case Settled(moderated=last):
            return len(last.blind) < ASKED_TO_JUDGE
        case _:
            return False


def _refuse_moderator(reader: Standing, cohorts: tuple[str, ...] | list[str]) -> None:
    if "moderator" not in reader.roles:
        return
    judging = [each for each in cohorts if each not in reader.stood_down]
    if judging:
        first = judging[0]
        raise StillModeratesError(
            cohorts=judging, stand_down=f"POST /cohorts/{first}/stand-down"
        )
