"""Cohorts, and the clock of a demonstration."""

from dataclasses import dataclass
from datetime import date, datetime

from services.submission.domain.clock.commands import SetClockOffset
from services.submission.domain.clock.decide import STREAM, clock
from services.submission.domain.cohort.commands import MoveCohortDeadline, OpenCohort
from services.submission.domain.cohort.decide import cohort
from services.submission.domain.deadlines import months_before
from shared.handling import Cause, Handled, Handling, Step
from shared.programmes import load_programme


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
        command = OpenCohort(
            cohort_id=cohort_id,
            programme=found.code,
            programme_version=found.programme_version,
            policy_version=found.policy_version,
            starts_on=dates.starts_on or months_before(dates.deadline, months),
            deadline=dates.deadline,
            at=at,
        )
        return await self.handling(cause, Step(cohort, f"cohort-{cohort_id}", command))

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
