"""A look that fails is followed by another; one thing that fails keeps no other."""

import asyncio
from typing import Any, cast

import asyncpg
import pytest
import structlog

from services.appeals.clocks import follow_due_days
from services.moderation import clocks as moderation
from services.notification.clocks import send_letters
from services.review import clocks as review
from services.submission.clocks import keep_dates, keep_swept
from services.viva.clocks import follow_offers
from shared.errors import BadInputError, NotFoundError, UnavailableError
from shared.web.clockwork import keep_looking, one_due
from shared.web.loops import Background, Loops

UNUSED = cast(Any, None)
"""No loop runs where only its name is asked."""

TIMES: dict[str, Any] = {"every_seconds": 1.0}


class EndedError(BaseException):
    """Ends a loop that has no end, as a cancellation does."""


class Looks:
    """Fails with each error in turn, then ends."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.looks = 0

    async def look(self) -> None:
        self.looks += 1
        if not self.errors:
            raise EndedError
        raise self.errors.pop(0)


async def lines_of(looks: Looks) -> list[dict[str, Any]]:
    with structlog.testing.capture_logs() as lines, pytest.raises(EndedError):
        await keep_looking("late", looks.look, every_seconds=0)
    return [dict(line) for line in lines]


class TestKeepLooking:
    @pytest.mark.parametrize(
        "error",
        [
            UnavailableError(),
            BadInputError(),
            OSError(),
            asyncpg.DeadlockDetectedError(),
        ],
        ids=repr,
    )
    async def test_looks_again_after_a_refusal_or_a_database_error(
        self, error: Exception
    ) -> None:
        looks = Looks(error, error)
        assert await lines_of(looks) == 2 * [
            {
                "event": "clock.interrupted",
                "clock": "late",
                "reason": type(error).__name__,
                "log_level": "warning",
            }
        ]
        assert looks.looks == 3

    async def test_lets_a_bug_be_seen(self) -> None:
        with pytest.raises(KeyError):
            await keep_looking("late", Looks(KeyError()).look, every_seconds=0)

    async def test_pauses_between_two_looks(self) -> None:
        found = asyncio.Event()
        looks = 0

        async def look() -> None:
            nonlocal looks
            looks += 1
            found.set()

        task = asyncio.create_task(keep_looking("late", look, every_seconds=3600))
        await found.wait()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert looks == 1


class TestOneDue:
    def test_logs_what_failed_under_its_ids_and_not_what_it_said(self) -> None:
        with (
            structlog.testing.capture_logs() as lines,
            one_due("late", case_id="c1", attempt=2),
        ):
            raise KeyError("secret text")
        (line,) = lines
        assert (line["event"], line["clock"], line["reason"]) == (
            "clock.item_failed",
            "late",
            "KeyError",
        )
        assert (line["case_id"], line["attempt"]) == ("c1", 2)
        assert "secret text" not in str(lines)

    def test_takes_a_refusal_for_news_and_not_for_a_failure(self) -> None:
        with (
            structlog.testing.capture_logs() as lines,
            one_due("late", case_id="c1"),
        ):
            raise NotFoundError
        assert lines == [
            {
                "event": "clock.item_refused",
                "clock": "late",
                "case_id": "c1",
                "reason": "NotFound",
                "log_level": "warning",
            }
        ]

    @pytest.mark.parametrize(
        "error", [UnavailableError(), asyncpg.CannotConnectNowError()], ids=repr
    )
    def test_passes_on_what_the_others_would_fail_with_too(
        self, error: Exception
    ) -> None:
        with (
            structlog.testing.capture_logs() as lines,
            pytest.raises(type(error)),
            one_due("late", case_id="c1"),
        ):
            raise error
        assert lines == []

    def test_logs_nothing_of_what_was_done(self) -> None:
        with structlog.testing.capture_logs() as lines, one_due("late", case_id="c1"):
            pass
        assert lines == []


@pytest.mark.parametrize(
    ("loop", "name"),
    [
        (follow_due_days(UNUSED, UNUSED, UNUSED, **TIMES), "follow due days"),
        (moderation.mark_overdue(UNUSED, UNUSED, UNUSED, **TIMES), "mark overdue"),
        (review.lapse_claims(UNUSED, UNUSED, UNUSED, **TIMES), "lapse claims"),
        (review.mark_overdue(UNUSED, UNUSED, UNUSED, **TIMES), "mark overdue"),
        (review.free_allocations(UNUSED, UNUSED, UNUSED, **TIMES), "free allocations"),
        (follow_offers(UNUSED, UNUSED, UNUSED, **TIMES), "follow offers"),
        (keep_dates(UNUSED, UNUSED, UNUSED, **TIMES), "keep dates"),
        (keep_swept(UNUSED, **TIMES), "keep swept"),
        (send_letters(UNUSED, UNUSED, UNUSED, senders=1, **TIMES), "send letters"),
    ],
)
def test_each_loop_says_in_readiness_what_it_is_for(
    loop: Background, name: str
) -> None:
    assert list(Loops([loop]).checks()) == [name]
