"""A programme that is only a file runs like those that came with the product."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.submission.domain.cohort.decide import cohort
from services.submission.domain.cohort.evolve import Running
from services.submission.domain.events import SubmissionFact
from services.submission.handlers import Cohorts, Dates
from shared.eventlog import Codec
from shared.handling import Cause, Handling
from shared.programmes import (
    ProgrammeEditedError,
    UnknownProgrammeError,
    load_programme,
    programme_of,
)
from tests.support.memory_log import MemoryEventLog
from tests.support.programmes import further_programmes, version

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DATES = Dates(deadline=date(2027, 3, 31))
MONTHS = {"value": 5, "source": "P"}


def fourth(programme_version: str, **fields: object) -> bytes:
    return version(programme_version, "2026.1", code="FOURTH", cohorts=None, **fields)


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


class TestEditedProgramme:
    """Source: domain.md section 2: a later version never re-interprets."""

    async def check(self, handling: Handling, folder: Path, text: bytes) -> None:
        """Start anew with a file that says *text*."""
        with further_programmes(folder, fourth=text):
            await Cohorts(handling).refuse_edited_programmes()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"title": "Another"}, "programme_version: 2026.1"),
            (
                {"policy__restart__fee_pence": {"value": 1, "source": "P"}},
                "policy.policy_version: 2026.1",
            ),
        ],
    )
    async def test_is_refused_when_it_kept_a_version_in_use(
        self, tmp_path: Path, change: dict[str, object], field: str
    ) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        with further_programmes(tmp_path, fourth=fourth("2026.1")):
            await opened(handling, "fourth-2026-10")
        with pytest.raises(ProgrammeEditedError) as refused:
            await self.check(handling, tmp_path, fourth("2026.1", **change))
        assert str(refused.value).startswith(f"fourth.yaml: {field} of 'FOURTH'")
        assert "put back what it said" in str(refused.value)

    async def test_is_accepted_with_other_layout_and_comments(
        self, tmp_path: Path
    ) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        with further_programmes(tmp_path, fourth=fourth("2026.1")):
            await opened(handling, "fourth-2026-10")
        await self.check(handling, tmp_path, b"# ours\n\n" + fourth("2026.1"))

    async def test_is_accepted_before_a_cohort_has_used_it(
        self, tmp_path: Path
    ) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        with further_programmes(tmp_path, fourth=fourth("2026.1")):
            await Cohorts(handling).refuse_edited_programmes()
        await self.check(handling, tmp_path, fourth("2026.1", title="Another"))

    async def test_that_is_gone_is_refused_where_it_is_needed(
        self, tmp_path: Path
    ) -> None:
        handling = Handling(MemoryEventLog(), Codec(SubmissionFact))
        with further_programmes(tmp_path, fourth=fourth("2026.1")):
            await opened(handling, "fourth-2026-10")
        await Cohorts(handling).refuse_edited_programmes()
        with pytest.raises(UnknownProgrammeError):
            programme_of((await running(handling, "fourth-2026-10")).opening)
