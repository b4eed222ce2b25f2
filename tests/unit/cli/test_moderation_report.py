"""`attest moderation report` prints what the service answers, byte by byte."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from services.cli import app
from services.cli.client import Client
from services.cli.moderation import reporting as command
from services.cli.output import ExitCode
from services.cli.paths import part

REPORT = b'{"report": "moderation-report/4"}\n'
TABLE = b"statistic,value\r\ncounts/judgements,7\r\n"


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as moderation does, and as it does not know a cohort."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/moderation/cohorts/autumn/report":
            title = f"There is no such thing. {request.url.raw_path.decode()}"
            return httpx.Response(404, json={"title": title})
        contents = {"json": REPORT, "csv": TABLE}
        return httpx.Response(200, content=contents[request.url.params["format"]])

    @contextmanager
    def connected() -> Iterator[Client]:
        transport = httpx.MockTransport(answer)
        with httpx.Client(base_url="http://attest", transport=transport) as http:
            yield Client(http, "token")

    monkeypatch.setattr(command, "connected", connected)


class TestReport:
    def test_prints_json(self) -> None:
        asked = ["moderation", "report", "--cohort", "autumn"]
        assert CliRunner().invoke(app, asked).stdout_bytes == REPORT

    def test_prints_a_table(self) -> None:
        asked = ["moderation", "report", "--cohort", "autumn", "--format", "csv"]
        assert CliRunner().invoke(app, asked).stdout_bytes == TABLE

    def test_says_that_there_is_no_such_cohort(self) -> None:
        asked = ["moderation", "report", "--cohort", "spring"]
        result = CliRunner().invoke(app, asked)
        assert result.exit_code == ExitCode.REFUSED
        assert result.stdout_bytes == b""
        assert "There is no such thing." in result.stderr

    @pytest.mark.parametrize("typed", ["../cohorts/autumn", "x?/../../autumn", "a/b"])
    def test_asks_for_what_was_typed_and_nothing_else(self, typed: str) -> None:
        result = CliRunner().invoke(app, ["moderation", "report", "--cohort", typed])
        assert result.exit_code == ExitCode.REFUSED
        assert f"/moderation/cohorts/{part(typed)}/report" in result.stderr
