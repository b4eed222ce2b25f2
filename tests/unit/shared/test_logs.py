"""Log lines tell where something went wrong, and never what somebody typed."""

import asyncio
import gc
import io
import json
import logging  # noqa: TID251 - what libraries do
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog
from pydantic import BaseModel, ValidationError

from shared.logs import configure_logs, described

SECRET = "the rationale text"


class Form(BaseModel):
    level: int


class Written:
    """What was written so far."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def lines(self) -> list[dict[str, Any]]:
        assert SECRET not in self.stream.getvalue()
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    configuration = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = Written()
    configure_logs(stream=written.stream)
    yield written
    structlog.configure(**configuration)
    root.handlers[:] = handlers
    root.setLevel(level)


def failure() -> ValidationError:
    try:
        Form.model_validate({"level": SECRET})
    except ValidationError as error:
        return error
    raise AssertionError


class TestLibraries:
    def test_are_named_without_what_they_say(self, written: Written) -> None:
        """Uvicorn logs a traceback with the message of whatever escaped."""
        logging.getLogger("uvicorn.error").error(
            "Exception in ASGI application: %s", SECRET, exc_info=failure()
        )
        (line,) = written.lines()
        assert line["event"] == "library.logged"
        assert line["level"] == "error"
        assert line["logger"] == "uvicorn.error"
        assert line["reason"] == "ValidationError"
        assert line["frames"][0].startswith("unit/shared/test_logs.py:")
        assert line["at"].endswith("test_are_named_without_what_they_say")

    def test_are_quiet_below_a_warning(self, written: Written) -> None:
        logging.getLogger("some.library").info("%s", SECRET)
        assert written.lines() == []

    def test_are_written_once_however_often_logs_are_configured(
        self, written: Written
    ) -> None:
        configure_logs(stream=written.stream)
        logging.getLogger("some.library").warning("once")
        assert len(written.lines()) == 1

    async def test_tell_nothing_of_a_task_that_nobody_awaited(
        self, written: Written
    ) -> None:
        async def fail() -> None:
            raise asyncpg.UniqueViolationError(SECRET)

        task = asyncio.create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
        gc.collect()
        (line,) = written.lines()
        assert (line["logger"], line["reason"]) == ("asyncio", "UniqueViolationError")

    def test_may_use_levels_of_their_own(self, written: Written) -> None:
        logging.getLogger("some.library").log(35, "odd")
        assert written.lines()[0]["level"] == "warning"


class TestOurLines:
    def test_give_frames_and_types_for_an_exception(self, written: Written) -> None:
        structlog.get_logger().error("thing.failed", exc_info=failure())
        (line,) = written.lines()
        assert line["reason"] == "ValidationError"

    def test_name_what_led_to_an_exception(self, written: Written) -> None:
        error = ValueError(SECRET)
        error.__cause__ = KeyError(SECRET)
        found = described(error)
        assert (found["reason"], found["caused_by"]) == ("ValueError", ["KeyError"])

    def test_name_every_member_of_a_group(self, written: Written) -> None:
        group = ExceptionGroup(SECRET, [ValueError(SECRET), KeyError(SECRET)])
        members = described(group)["members"]
        assert isinstance(members, list)
        assert [member["reason"] for member in members] == ["ValueError", "KeyError"]
