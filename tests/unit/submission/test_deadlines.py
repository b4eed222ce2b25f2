"""Where a day ends, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.submission.domain.deadlines import has_passed
from shared.london import end_of

MICROSECOND = timedelta(microseconds=1)


class TestEndOf:
    @pytest.mark.parametrize(
        ("day", "end"),
        [
            (date(2026, 1, 15), datetime(2026, 1, 16, 0, tzinfo=UTC)),
            (date(2026, 7, 15), datetime(2026, 7, 15, 23, tzinfo=UTC)),
        ],
        ids=["winter", "summer"],
    )
    def test_is_midnight_in_london(self, day: date, end: datetime) -> None:
        """Source: architecture.md, "HTTP, time, drafts"."""
        assert end_of(day) == end

    def test_gives_the_day_of_the_spring_change_23_hours(self) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London."""
        day = date(2026, 3, 29)
        length = end_of(day) - end_of(day - timedelta(days=1))
        assert length == timedelta(hours=23)
        assert end_of(day) == datetime(2026, 3, 29, 23, tzinfo=UTC)

    def test_gives_the_day_of_the_autumn_change_25_hours(self) -> None:
        """Source: architecture.md: a date ends at 24:00 Europe/London."""
        day = date(2026, 10, 25)
        length = end_of(day) - end_of(day - timedelta(days=1))
        assert length == timedelta(hours=25)
        assert end_of(day) == datetime(2026, 10, 26, 0, tzinfo=UTC)


class TestHasPassed:
    def test_is_false_until_the_last_microsecond(self) -> None:
        """Source: architecture.md: the end of a date is exclusive."""
        day = date(2026, 3, 31)
        assert not has_passed(day, end_of(day) - MICROSECOND)
        assert has_passed(day, end_of(day))
