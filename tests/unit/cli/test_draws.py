"""The commands about draws, against an instance that answers as the service does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.cli import app, draws
from services.cli.client import RefusedError
from tests.unit.moderation.forging import forged
from tests.unit.moderation.test_export import EXPORT

HONEST = {"reviewers": 2, "draws": 48, "holds": True, "findings": []}
SECRET = {"title": "Draws can be checked once the key is public.", "status": 422}


class Instance:
    """Answers with progress, then with what it was given."""

    def __init__(self, exported: Any, verdict: dict[str, Any] = HONEST) -> None:
        self.answers = {"export": exported, "verification": verdict}

    def lines(self, method: str, path: str) -> Iterator[dict[str, Any]]:
        assert (method, path.rpartition("/")[0]) == (
            "GET",
            "/moderation/cohorts/ats-2025-10/draws",
        )
        answer = self.answers[path.rpartition("/")[2]]
        if answer is None:
            raise RefusedError(SECRET)
        yield {"done": 1, "total": 2}
        yield {"result": json.loads(json.dumps(answer))}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def invoke(instance: Instance, *arguments: str) -> Any:
        @contextmanager
        def connected(**_: object) -> Iterator[Instance]:
            yield instance

        monkeypatch.setattr(draws, "connected", connected)
        words = ["sampling", *arguments, "--cohort", "ats-2025-10"]
        return CliRunner().invoke(app, words)

    return invoke


class TestVerify:
    def test_says_that_every_draw_follows(self, run: Any) -> None:
        done = run(Instance(EXPORT), "verify", "--format", "json")
        assert done.exit_code == 0
        assert json.loads(done.stdout) == {**HONEST, "export": EXPORT["sha256"]}

    def test_fails_with_what_the_service_finds(self, run: Any) -> None:
        found = {**HONEST, "holds": False, "findings": ["judgement 1: wrong number"]}
        done = run(Instance(EXPORT, found), "verify")
        assert done.exit_code == 4
        assert "wrong number" in done.stdout

    def test_fails_with_what_the_export_shows(self, run: Any) -> None:
        changed = forged(EXPORT, ("facts", 0, "selected"))
        done = run(Instance(changed), "verify", "--format", "json")
        assert done.exit_code == 4
        (finding,) = json.loads(done.stdout)["findings"]
        assert finding.startswith("export: draw of p-rev, judgement 1")

    def test_is_refused_while_the_key_is_secret(self, run: Any) -> None:
        done = run(Instance(EXPORT, None), "verify")  # type: ignore[arg-type]
        assert done.exit_code == 1
        assert "key is public" in done.stderr


class TestExport:
    def test_goes_to_standard_output(self, run: Any) -> None:
        done = run(Instance(EXPORT), "export")
        assert done.exit_code == 0
        assert json.loads(done.stdout) == EXPORT

    def test_goes_to_a_file(self, run: Any, tmp_path: Path) -> None:
        file = tmp_path / "draws.json"
        done = run(Instance(EXPORT), "export", "--out", str(file))
        assert done.exit_code == 0
        assert json.loads(file.read_text()) == EXPORT

    def test_says_so_when_the_file_cannot_be_written(
        self, run: Any, tmp_path: Path
    ) -> None:
        file = tmp_path / "nowhere" / "draws.json"
        done = run(Instance(EXPORT), "export", "--out", str(file))
        assert done.exit_code == 1
        assert "nowhere" in done.stderr
