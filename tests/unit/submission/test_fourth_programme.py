"""A programme that is only a file runs like those that came with the product."""

from datetime import UTC, date, datetime
from pathlib import Path

from services.submission.domain.cohort.decide import cohort
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.events import SubmissionFact
from services.submission.handlers import Cohorts, Dates
from shared.eventlog import Codec
from shared.handling import Cause, Handling
from shared.programmes import load_programme, programme_of
from tests.support.memory_log import MemoryEventLog
from tests.support.programmes import further_programmes, version

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DATES = Dates(deadline=date(2027, 3, 31))
MONTHS = {"value": 5, "source": "P"}


def fourth(programme_version: str, **fields: object) -> bytes:
    return version(programme_version, "2026.1", code="FOURTH", **fields)


async def opened(handling: Handling, cohort_id: str) -> Running:
    """Open a cohort of the fourth programme and return what it is."""
    await Cohorts(handling).open(
        cohort_id,
        programme="FOURTH",
        dates=DATES,
        at=AT,
        cause=Cause.by_clock("submission", "open", cohort_id),
    )
    return await running(handling, cohort_id)


async def running(handling: Handling, cohort_id: str) -> Running:
    _, state = await handling.fold(cohort, f"cohort-{cohort_id}")
    assert isinstance(state, Running)
    return state


class TestFourthProgramme:
    """Source: domain.md: a fourth programme is a new file; a case pins its versions."""

    async def test_opens_cohorts_by_its_file_alone(self, tmp_path: Path) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        five = fourth("2026.1", duration_months=MONTHS)
        with further_programmes(tmp_path, fourth=five):
            found = await opened(handling, "fourth-2026-10")
        assert found.opening.programme == "FOURTH"
        assert found.opening.starts_on == date(2026, 10, 31)

    async def test_keeps_the_version_under_which_a_cohort_was_opened(
        self, tmp_path: Path
    ) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        first = fourth("2026.1", title="First")
        with further_programmes(tmp_path, fourth=first):
            await opened(handling, "fourth-2026-10")
        with further_programmes(tmp_path, later=fourth("2026.2", title="Later")):
            assert load_programme("FOURTH").title == "Later"
            before = await running(handling, "fourth-2026-10")
            after = await opened(handling, "fourth-2027-10")
            assert programme_of(before.opening).title == "First"
            assert programme_of(after.opening).title == "Later"
