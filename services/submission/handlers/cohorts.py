"""Cohorts, and the clock of a demonstration."""

from dataclasses import dataclass
from datetime import date, datetime

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.clock.decide import STREAM, clock
from services.submission.domain.cohort.commands import MoveCohortDeadline, OpenCohort
from services.submission.domain.cohort.decide import cohort
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.deadlines import months_before
from shared.handling import Cause, Handled, Handling, Step
from shared.programmes import every_programme, load_programme, refuse_edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a cohort begins, and when its portfolios are due."""

    deadline: date
    starts_on: date | None = None
    """None: as long before the deadline as the programme takes (P)."""


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
            at=at,
        )
        return await self.handling(cause, Step(cohort, f"cohort-{cohort_id}", command))

    async def refuse_edited_programmes(self) -> None:
        """Accept programme files that say what they said when a cohort was opened.

        A file that is gone is refused where it is needed: its cases may all be over.

        Raises:
            ProgrammeEditedError: names the file and the version that says other things.
        """
        for stream in await self.handling.log.streams("cohort-"):
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
