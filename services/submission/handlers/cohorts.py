"""Cohorts, and the clock of a demonstration."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.clock.decide import STREAM, clock
from services.submission.domain.cohort.commands import (
    MoveCohortDeadline,
    OpenCohort,
    Rhythm,
)
from services.submission.domain.cohort.decide import cohort
from services.submission.domain.cohort.events import CohortEvent, CohortOpened
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.deadlines import months_before
from services.submission.domain.starts.commands import NoteStart
from services.submission.domain.starts.decide import starts
from shared.contracts.programme import Programme
from shared.handling import Cause, Handled, Handling, Loader, Step
from shared.programmes import every_programme, load_programme, refuse_edited

_YEAR_MARK = "."
"""Stands in no id of a cohort, so it tells the streams of years from theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a cohort begins, and when its portfolios are due."""

    deadline: date
    starts_on: date | None = None
    """None: as long before the deadline as the programme takes (P)."""
    because: str | None = None
    """Why it starts when the programme does not."""


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The write side of ``cohort-`` and ``clock-`` streams."""

    handling: Handling

    async def open(
        self,
        cohort_id: str,
        *,
        programme: str,
        dates: Dates,
        at: datetime,
        cause: Cause,
    ) -> Handled:
        """Let a programme run once more, under the versions of its file now.

        Raises:
            UnknownProgrammeError: there is no such programme.
            CohortExistsError: the id is taken.
            OutsideStartMonthsError, YearIsFullError: the programme does not start then.
        """
        found = load_programme(programme)
        months = found.duration_months.value
        versions = (found.programme_version, found.policy_version)
        said = every_programme().digests[found.code, *versions]
        command = OpenCohort(
            cohort_id=cohort_id,
            programme=found.code,
            programme_version=found.programme_version,
            programme_sha256=said.programme_sha256,
            policy_version=found.policy_version,
            policy_sha256=said.policy_sha256,
            starts_on=dates.starts_on or months_before(dates.deadline, months),
            deadline=dates.deadline,
            rhythm=_rhythm(found),
            because=dates.because,
            at=at,
        )
        return await self._opened(command, cause)

    async def _opened(self, command: OpenCohort, cause: Cause) -> Handled:
        stream = _starts_stream(command.programme, command.starts_on)
        noting = NoteStart(
            cohort_id=command.cohort_id,
            programme=command.programme,
            starts_on=command.starts_on,
            at=command.at,
        )

        async def build(loader: Loader) -> tuple[Step, ...]:
            known = await loader.state(starts, stream)
            others = tuple(each for each in known if each != command.cohort_id)
            opening = replace(command, others=others)
            named = f"cohort-{command.cohort_id}"
            facts = cohort.decide(opening, await loader.state(cohort, named))
            step = Step(cohort, named, opening)
            if any(_is_regular(fact) for fact in facts):
                return (step, Step(starts, stream, noting))
            return (step,)

        return await self.handling.plan(cause, build)

    async def refuse_edited_programmes(self) -> None:
        """Accept programme files that say what they said when a cohort was opened.

        A file that is gone is refused where it is needed: its cases may all be over.

        Raises:
            ProgrammeEditedError: names the file and the version that says other things.
        """
        for stream in await self.handling.log.streams("cohort-"):
            if _YEAR_MARK in stream:
                continue
            _, state = await self.handling.fold(cohort, stream)
            if not isinstance(state, Running):
                continue
            if (now := every_programme().digests_of(state.opening)) is not None:
                refuse_edited(state.opening, now)

    async def move_deadline(self, command: MoveCohortDeadline, cause: Cause) -> Handled:
        """Set another deadline for a whole cohort."""
        stream = f"cohort-{command.cohort_id}"
        return await self.handling(cause, Step(cohort, stream, command))

    async def set_clock(self, command: SetClockOffset, cause: Cause) -> Handled:
        """Let a demonstration run ahead of the wall clock.

        Raises:
            DemonstrationOnlyError: this is not the log of a demonstration.
            ClockGoesBackError: the offset is smaller than before.
        """
        return await self.handling(cause, Step(clock, STREAM, command))


def _is_regular(fact: CohortEvent) -> bool:
    """Tell whether a cohort takes one of the places of its year."""
    return isinstance(fact, CohortOpened) and fact.because is None


def _starts_stream(programme: str, starts_on: date) -> str:
    return f"cohort-{programme}{_YEAR_MARK}{starts_on.year}"


def _rhythm(programme: Programme) -> Rhythm | None:
    rhythm = programme.cohorts
    if rhythm is None:
        return None
    return Rhythm(
        start_months=rhythm.start_months.value, per_year=rhythm.per_year.value
    )
