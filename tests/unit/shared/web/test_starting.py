"""A service that does not start says why, and shows nothing it should not."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from shared.errors import UnavailableError
from shared.logs import configure_logs
from shared.web.starting import telling_why_not


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs(stream=stream)
    yield stream
    structlog.reset_defaults()


def told(log: io.StringIO) -> dict[str, Any]:
    (line,) = log.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


class TestTellingWhyNot:
    def test_tells_an_anticipated_error_in_its_words(self, log: io.StringIO) -> None:
        message = "The database does not answer: check its URL."
        with pytest.raises(UnavailableError), telling_why_not("review"):
            raise UnavailableError(message, part="database")
        line = told(log)
        assert (line["event"], line["service"]) == ("service.not_started", "review")
        assert (line["title"], line["context"]) == (message, {"part": "database"})

    def test_tells_type_and_place_of_any_other(self, log: io.StringIO) -> None:
        """Source: shared/logs.py: a message may quote what somebody typed."""
        message = "Quillfeather"
        with pytest.raises(LookupError), telling_why_not("review"):
            raise LookupError(message)
        line = told(log)
        assert line["reason"] == "LookupError"
        assert "Quillfeather" not in log.getvalue()

    def test_says_nothing_when_all_is_well(self, log: io.StringIO) -> None:
        with telling_why_not("review"):
            pass
        assert log.getvalue() == ""
